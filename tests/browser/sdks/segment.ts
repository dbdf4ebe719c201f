// SPDX-License-Identifier: MIT
// Segment's browser SDK, with its settings given in place of fetched.
import { AnalyticsBrowser } from '@segment/analytics-next';
import type { SdkPage } from './contract.js';

(globalThis as unknown as SdkPage).startSdk = async (endpoint, writeKey, way) => {
  const deliveryStrategy =
    way === 'batch' ? { strategy: 'batching' as const, config: { size: 10, timeout: 1000 } } : undefined;
  const [analytics] = await AnalyticsBrowser.load({
    writeKey,
    cdnSettings: {
      integrations: {
        'Segment.io': {
          apiKey: writeKey,
          apiHost: `${endpoint.replace('http://', '')}/v1`,
          protocol: 'http',
          ...(deliveryStrategy && { deliveryStrategy }),
        },
      },
    },
  });
  return {
    anonymousId: () => analytics.user().anonymousId() ?? '',
    identify: (userId) => void analytics.identify(userId),
    page: () => void analytics.page(),
    track: (event, properties) => void analytics.track(event, properties),
  };
};
