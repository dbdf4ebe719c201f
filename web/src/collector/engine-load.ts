// SPDX-License-Identifier: MIT
import { type Engine, load } from 'souk';

/** No shopper waits: a collector that starts on a busy machine may take longer than a page. */
const patienceMs = 60_000;

/** A new, empty engine that holds all streams. @throws SoukLoadError */
export async function newEngine(): Promise<Engine> {
  const souk = await load({ engine: 'wasm', timeoutMs: patienceMs });
  return souk.createEngine();
}
