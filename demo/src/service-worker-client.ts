// SPDX-License-Identifier: MIT
/** Registers the service worker that keeps the page's files, so that it opens without a network after the first visit. */

interface UrlPolicy {
  createScriptURL(url: string): unknown;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): UrlPolicy;
}

/** The one script address that this page may make, under the policy name that the server's header allows. */
function workerUrl(): string {
  const url = new URL('sw.js', document.baseURI).href;
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  const policy = factory?.createPolicy('souk-demo', { createScriptURL: () => url });
  // Browsers take the policy's object where they take a string; the DOM types do not say so yet.
  return (policy?.createScriptURL(url) ?? url) as string;
}

/** Settles when all files are kept, or at once where there are no service workers (or not on this address). */
export async function keepForOffline(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register(workerUrl());
    await navigator.serviceWorker.ready;
    document.documentElement.dataset['offline'] = 'ready';
  } catch {
    // The page works without it; it only will not open without a network.
    document.documentElement.dataset['offline'] = 'refused';
  }
}
