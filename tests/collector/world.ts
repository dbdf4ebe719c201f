// SPDX-License-Identifier: MIT
// A small shop with a collector, for its tests.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fact, Program, Verdict } from 'souk';
import {
  type Collector,
  type CollectorOptions,
  createCollector,
  createTestClock,
  type LogEntry,
  type Store,
  type TestClock,
} from 'souk/collector';
import { openStore } from 'souk/collector/node';
import {
  createKeySet,
  generateMemberKey,
  issueMemberToken,
  type MemberKey,
  publicKeyOf,
  signWebhook,
} from 'souk/server';

/** When the tests' clock starts. */
export const opening = Date.UTC(2026, 0, 1);
/** One day in milliseconds. */
export const day = 86_400_000;
/** The shop's public write key. */
export const writeKey = 'pk_test';
/** What the shop signs with. */
export const commerceSecret = 'the secret of the shop';

/** One point for each pound, active at once, for a month. */
export const program: Program = {
  name: 'Test shop',
  currency: 'GBP',
  zone: {
    name: 'UTC',
    from: Date.UTC(2000, 0, 1),
    until: Date.UTC(2050, 0, 1),
    transitions: [{ at: Date.UTC(2000, 0, 1), offsetSeconds: 0 }],
  },
  points: { earn: { amount: 100, points: 1 }, expiry: { months: 1 }, negativeBalance: 'debt' },
  growth: { earn: { amount: 100, points: 1 }, expiry: { months: 12 } },
  levels: [
    { name: 'member', threshold: 0 },
    { name: 'silver', threshold: 50 },
  ],
};

/** An answer of the collector. */
export interface Answered<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface Refusal {
  readonly error: { readonly code: string; readonly path: string; readonly message: string };
}

export interface CommandsAnswer {
  readonly now: number;
  readonly results: readonly { readonly id: string; readonly verdict?: Verdict; readonly error?: Refusal['error'] }[];
  readonly facts: Readonly<Record<string, readonly Fact[]>>;
}

/** A collector and those who speak to it. */
export interface World {
  readonly collector: Collector;
  readonly store: Store;
  readonly clock: TestClock;
  readonly log: LogEntry[];
  readonly key: MemberKey;
  /** Sends a request; a body that is no text is sent as JSON. */
  send<Body>(method: string, path: string, more?: SendOptions): Promise<Answered<Body>>;
  /** A token of the shop. */
  token(account: string): Promise<string>;
  /** Gives commands as a member. */
  commands(account: string, ...commands: readonly object[]): Promise<Answered<CommandsAnswer & Refusal>>;
  /** Tells an event as the shop. */
  commerce(event: object): Promise<Answered<{ readonly verdict: Verdict } & Refusal>>;
  close(): Promise<void>;
}

export interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly address?: string;
}

function bodyOf(body: unknown): BodyInit | undefined {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream) {
    return body as BodyInit | undefined;
  }
  return JSON.stringify(body);
}

/** Speaks to a collector without a network between. */
export async function send<Body>(
  collector: Collector,
  method: string,
  path: string,
  { headers = {}, body, address }: SendOptions = {},
): Promise<Answered<Body>> {
  const sent = bodyOf(body);
  const init = {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(sent === undefined ? {} : { body: sent, duplex: 'half' }),
  };
  const answer = await collector.handle(
    new Request(`http://shop.example${path}`, init),
    address === undefined ? {} : { address },
  );
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: answer.status, headers: answer.headers, body: (isJson ? JSON.parse(text) : text) as Body };
}

/** Everything a test needs, on a store. */
export async function createWorld(
  store: Store,
  { start = opening + day, ...more }: Partial<CollectorOptions> & { readonly start?: number } = {},
): Promise<World> {
  const key = await generateMemberKey('k1', 'ed25519');
  const keys = await createKeySet([key]);
  const clock = createTestClock(start);
  const log: LogEntry[] = [];
  const collector = await createCollector({
    tenant: 'shop',
    store,
    program,
    memberKeys: [publicKeyOf(key)],
    writeKeys: [writeKey],
    commerceSecrets: [commerceSecret],
    clock,
    log: (entry) => log.push(entry),
    pollMs: 100,
    ...more,
  });
  const speak = <Body>(method: string, path: string, options?: SendOptions) =>
    send<Body>(collector, method, path, options);
  const token = (account: string) => issueMemberToken({ tenant: 'shop', account, keys, now: clock.now() });
  return {
    ...{ collector, store, clock, log, key, send: speak, token },
    commands: async (account, ...commands) =>
      speak('POST', '/v1/commands', {
        headers: { authorization: `Bearer ${await token(account)}` },
        body: { commands },
      }),
    async commerce(event) {
      const body = new TextEncoder().encode(JSON.stringify(event));
      const signature = await signWebhook(body, commerceSecret, clock.now());
      return speak('POST', '/v1/commerce', { headers: { 'souk-signature': signature }, body });
    },
    close: () => collector.close(),
  };
}

/** An order of so many pounds that was received. */
export function received(id: string, account: string, pounds: number): object {
  const lines = [{ item: 'tea', quantity: 1, paid: pounds * 100 }];
  return { id: `event-${id}`, type: 'order-received', data: { account, order: id, currency: 'GBP', lines } };
}

/** A member spends points. */
export function redeem(id: string, account: string, points: number): object {
  return { kind: 'redeem-points', id, account, redemption: `r-${id}`, points };
}

/** An embedded store in a temporary folder. */
export async function openTemporaryStore(): Promise<{ readonly store: Store; readonly close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'souk-collector-'));
  const store = await openStore({ folder });
  return {
    store,
    async close() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
