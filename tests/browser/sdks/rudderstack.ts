// SPDX-License-Identifier: MIT
// RudderStack's browser SDK with its plugins inside, and its source's configuration given in place of fetched.
import { RudderAnalytics } from '@rudderstack/analytics-js/bundled';
import type { SdkPage } from './contract.js';

const source = {
  id: 'shop',
  name: 'Shop',
  writeKey: '',
  workspaceId: 'shop',
  enabled: true,
  updatedAt: '2026-01-01T00:00:00.000Z',
  config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
  destinations: [],
};

(globalThis as unknown as SdkPage).startSdk = (endpoint, writeKey, way) => {
  const analytics = new RudderAnalytics();
  return new Promise((resolve) => {
    analytics.load(writeKey, endpoint, {
      getSourceConfig: () => JSON.stringify({ source: { ...source, writeKey } }),
      useBeacon: way === 'beacon',
      beaconQueueOptions: { maxItems: 10, flushQueueInterval: 1000 },
      queueOptions: {
        minRetryDelay: 100,
        maxRetryDelay: 1000,
        batch: { enabled: way === 'batch', maxItems: 10, flushInterval: 1000 },
      },
      onLoaded: () =>
        resolve({
          anonymousId: () => analytics.getAnonymousId() ?? '',
          identify: (userId) => analytics.identify(userId),
          page: () => analytics.page(),
          track: (event, properties) => analytics.track(event, { ...properties }),
        }),
    });
  });
};
