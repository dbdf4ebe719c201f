// SPDX-License-Identifier: MIT
// One tab listens to the collector for all, because browsers allow few connections; the others hear from it. Without locks each listens.
import type { Fact } from '../generated/protocol.js';
import type { CollectorClient } from './collector-client.js';
import { readEvents } from './event-stream.js';

/** What hears of new facts. */
type Hearer = (facts: readonly Fact[]) => Promise<void>;

/**
 * Listens from now on, as soon as no other tab does.
 * @param after The last fact that is known when a connection begins.
 * @param hear Takes facts of the stream, in order.
 * @param signal Ends it.
 */
export async function listen(
  client: CollectorClient,
  stream: string,
  after: () => number,
  hear: Hearer,
  signal: AbortSignal,
): Promise<void> {
  const follow = () => followUntil(client, stream, after, hear, signal);
  try {
    await navigator.locks.request(`souk-page/${stream}`, { signal }, follow);
  } catch {
    // No locks, or a frame that may not use them.
    if (!signal.aborted) await follow();
  }
}

/** Connects again and again, each time after the last fact; the pauses grow while nobody answers. */
async function followUntil(
  client: CollectorClient,
  stream: string,
  after: () => number,
  hear: Hearer,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      const body = await client.events(stream, after(), signal);
      attempt = 0;
      await readEvents(body, ({ event, data }) => {
        if (event === 'facts') void hear(factsOf(data, stream));
      });
    } catch {
      // The connection ended.
    }
    const ceiling = Math.min(60_000, 500 * 2 ** attempt);
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, Math.random() * ceiling));
  }
}

/** The facts of an event, if it is about that stream and whole. */
function factsOf(data: string, stream: string): readonly Fact[] {
  try {
    const told = JSON.parse(data) as { readonly stream: string; readonly facts: readonly Fact[] };
    return told.stream === stream ? told.facts : [];
  } catch {
    return [];
  }
}
