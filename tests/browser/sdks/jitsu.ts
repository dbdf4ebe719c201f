// SPDX-License-Identifier: MIT
// Jitsu's browser SDK. It does not send again what failed; its `fetch` option is where a shop adds that.
import { jitsuAnalytics } from '@jitsu/js';
import type { SdkPage } from './contract.js';

const untilAnswered: typeof fetch = async (input, init) => {
  for (;;) {
    try {
      return await fetch(input, init);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
};

(globalThis as unknown as SdkPage).startSdk = (endpoint, writeKey) => {
  // The SDK refuses a write key without a secret; a collector's has none, and what stands behind the colon is not looked at.
  const analytics = jitsuAnalytics({ host: endpoint, writeKey: `${writeKey}:none`, fetch: untilAnswered });
  return Promise.resolve({
    anonymousId: () => (analytics.user() as { readonly anonymousId: string }).anonymousId,
    identify: (userId) => void analytics.identify(userId),
    page: () => void analytics.page(),
    track: (event, properties) => void analytics.track(event, { ...properties }),
  });
};
