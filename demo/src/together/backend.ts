// SPDX-License-Identifier: MIT
/** The page's way to the demo's backend: how things stand, live, and the controls that only a demonstration has. */
import type { Line, ShopState, Who } from './contract.js';

const kChannel = 'souk-together';
const kReopenMs = 1000;

async function post<T>(path: string, body: object = {}): Promise<T> {
  const answer = await fetch(`/shop/demo/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`The demo's backend answered ${answer.status}.`);
  return (await answer.json()) as T;
}

const newId = (): string => `crowd-${crypto.randomUUID().slice(0, 18)}`;

/** The demonstration's controls. */
export const controls = {
  /** Moves the shop's clock forward, milliseconds; `deliver`: and all parcels arrive. */
  travel: (ms: number, deliver = false) => post('travel', { ms, deliver }),
  line: (who: Who, mode: Line) => post('network', { who, mode }),
  startOver: () => post('reset'),
  /** Strangers pay for a seat, all at once; without a team one of them starts one. Tells the teams that were started. */
  crowd: async (count: number, team: string | null): Promise<readonly string[]> =>
    (await post<{ readonly teams: readonly string[] }>('crowd', { id: newId(), count, team })).teams,
};

/** What one of several open pages hears for all, because browsers allow few connections. */
type Said = { readonly state: ShopState } | { readonly ask: true };

/**
 * Follows how things stand.
 *
 * @param take  called with each state, and whether nobody answered before
 * @param silent  called with why there is none, and with an empty text when there is again
 */
export function followShop(
  take: (state: ShopState, afterSilence: boolean) => void,
  silent: (why: string) => void,
): void {
  const channel = new BroadcastChannel(kChannel);
  let last: ShopState | undefined;
  let isSilent = false;
  const hear = (state: ShopState): void => {
    last = state;
    silent('');
    take(state, isSilent);
    isSilent = false;
  };
  channel.onmessage = ({ data }: MessageEvent<Said>) => {
    if ('state' in data) hear(data.state);
    else if (last !== undefined) channel.postMessage({ state: last } satisfies Said);
  };
  channel.postMessage({ ask: true } satisfies Said);
  const listen = (): void => {
    const source = new EventSource('/shop/news');
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const state = JSON.parse(data) as ShopState;
      channel.postMessage({ state } satisfies Said);
      hear(state);
    };
    source.onerror = () => {
      isSilent = true;
      silent('The demo’s backend does not answer. It goes on by itself when it is back.');
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, kReopenMs);
    };
  };
  void navigator.locks.request(kChannel, () => {
    listen();
    return new Promise(() => undefined);
  });
}
