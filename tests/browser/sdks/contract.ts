// SPDX-License-Identifier: MIT
// One face for the SDKs of others, so that one test speaks to all.

/** An SDK in a page. */
export interface Sdk {
  /** Who the SDK says that visits, before anybody has signed in. */
  anonymousId(): string;
  identify(userId: string): void;
  page(): void;
  track(event: string, properties: { readonly n: number }): void;
}

/** How an SDK sends: each event by itself, several together, or several by `sendBeacon`. */
export type Way = 'single' | 'batch' | 'beacon';

/** What a bundled page has as a global. */
export interface SdkPage {
  /** Starts the SDK towards a collector, such as `http://127.0.0.1:8080/souk`. */
  startSdk(endpoint: string, writeKey: string, way: Way): Promise<Sdk>;
  sdk: Sdk;
}
