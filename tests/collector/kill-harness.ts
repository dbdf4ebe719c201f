// SPDX-License-Identifier: MIT
// Kills a collector again and again while clients load it, each client sending the same command until it is answered, and then asks whether
// what was answered is what happened, once.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Command, type Fact, load, type OrderLine, type Verdict } from 'souk';
import { auditJournal, type Store } from 'souk/collector';
import type { StorePlace } from 'souk/collector/node';
import { createKeySet, generateMemberKey, issueMemberToken, type KeySet, publicKeyOf, signWebhook } from 'souk/server';
import { commerceSecret, program, received, redeem } from './world.js';

const script = fileURLToPath(new URL('collector-process.mjs', import.meta.url));
const clients = 8;
/** Every third kill loses the reply after the commit. */
const lostReplies = 3;

/** A stream of numbers from 0 to 1 that a seed determines (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The collector that lives now. */
class Victim {
  readonly #options: object;
  #process: ChildProcess | undefined;
  #url: Promise<string> | undefined;

  constructor(options: object) {
    this.#options = options;
  }

  url(): Promise<string> {
    return this.#url ?? Promise.reject(new Error('no collector'));
  }

  async start(): Promise<void> {
    const child = fork(script, {
      env: { ...process.env, SOUK_TEST_COLLECTOR: JSON.stringify(this.#options) },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#process = child;
    this.#url = new Promise((resolve, reject) => {
      child.once('message', (message: { url: string }) => resolve(message.url));
      child.once('exit', () => reject(new Error('the collector did not start')));
    });
    this.#url.catch(() => undefined);
    await this.#url;
  }

  /** Kills at once, or when its next commits are done. */
  async kill(afterCommits?: number): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    this.#url = undefined;
    if (afterCommits === undefined) child.kill('SIGKILL');
    else child.send({ killAfterCommits: afterCommits });
    await gone;
  }

  async end(): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }
}

/** What clients were told. */
interface Acknowledged {
  readonly order?: string;
  readonly verdict: Verdict;
  /** How often it was sent until it was answered. */
  readonly tries: number;
}

/** One client: an account that buys and spends, one command after the other. */
class Client {
  readonly acknowledged: Acknowledged[] = [];
  readonly #account: string;
  readonly #victim: Victim;
  readonly #keys: KeySet;
  #lastUrl = '';
  stopped = false;

  constructor(account: string, victim: Victim, keys: KeySet) {
    this.#account = account;
    this.#victim = victim;
    this.#keys = keys;
  }

  async run(): Promise<void> {
    for (let n = 0; !this.stopped; n += 1) {
      await this.#untilAnswered(n);
      await wait(2);
    }
  }

  async #untilAnswered(n: number): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        // A victim that waits for its last commit still answers at its old address.
        this.#lastUrl = await this.#victim.url().catch(() => this.#lastUrl);
        this.acknowledged.push({ ...(await this.#send(n)), tries });
        return;
      } catch {
        await wait(10);
      }
    }
  }

  async #send(n: number): Promise<Omit<Acknowledged, 'tries'>> {
    if (n % 3 !== 0) return { verdict: await this.#redeem(`${this.#account}-${n}`) };
    const order = `${this.#account}-${n}`;
    return { order, verdict: await this.#receive(order) };
  }

  async #receive(order: string): Promise<Verdict> {
    const body = new TextEncoder().encode(JSON.stringify(received(order, this.#account, 10)));
    const headers = { 'souk-signature': await signWebhook(body, commerceSecret) };
    const answer = await this.#post('/v1/commerce', body, headers);
    return (answer as { verdict: Verdict }).verdict;
  }

  async #redeem(id: string): Promise<Verdict> {
    const token = await issueMemberToken({ tenant: 'shop', account: this.#account, keys: this.#keys });
    const body = JSON.stringify({ commands: [redeem(id, this.#account, 6)] });
    const answer = await this.#post('/v1/commands', body, { authorization: `Bearer ${token}` });
    const [result] = (answer as { results: { verdict?: Verdict }[] }).results;
    if (result?.verdict === undefined) throw new Error('no verdict');
    return result.verdict;
  }

  async #post(path: string, body: BodyInit, headers: Record<string, string>): Promise<unknown> {
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } };
    const answer = await fetch(`${this.#lastUrl}${path}`, { ...init, signal: AbortSignal.timeout(5000) });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return answer.json();
  }
}

/** What a run of kills showed. */
export interface KillReport {
  readonly seed: number;
  readonly kills: number;
  readonly repliesLost: number;
  /** Commands that were answered. */
  readonly acknowledged: number;
  /** Of these, commands that had to be sent more than once. */
  readonly retried: number;
  readonly facts: number;
  /** What does not fit; empty when all is well. */
  readonly faults: readonly string[];
}

/** Kills a collector on `place` `kills` times. `open` opens the same store afterwards, to look. */
export async function runKills(
  place: StorePlace,
  open: () => Promise<Store>,
  kills: number,
  seed: number,
): Promise<KillReport> {
  const random = randomOf(seed);
  const key = await generateMemberKey('k1', 'ed25519');
  const limits = { commandRate: { perSecond: 1e6, burst: 1e6 } };
  const shop = { tenant: 'shop', program, memberKeys: [publicKeyOf(key)], commerceSecrets: [commerceSecret], limits };
  const victim = new Victim({ place, options: shop });
  const keys = await createKeySet([key]);
  const all = Array.from({ length: clients }, (_, n) => new Client(`member-${n}`, victim, keys));
  await victim.start();
  const running = Promise.all(all.map((client) => client.run()));
  let repliesLost = 0;
  for (let n = 0; n < kills; n += 1) {
    await wait(random() * 600);
    const losesReply = n % lostReplies === 0;
    if (losesReply) repliesLost += 1;
    await victim.kill(losesReply ? 1 + Math.floor(random() * 10) : undefined);
    await victim.start();
  }
  await wait(200);
  for (const client of all) client.stopped = true;
  await running;
  await victim.end();
  const acknowledged = all.flatMap((client) => client.acknowledged);
  const store = await open();
  const { facts, faults } = await compare(store, acknowledged);
  await store.close();
  const retried = acknowledged.filter(({ tries }) => tries > 1).length;
  return { seed, kills, repliesLost, acknowledged: acknowledged.length, retried, facts, faults };
}

/** Whether every acknowledged verdict stands, the journal holds together, and deciding again from empty gives the same digests. */
async function compare(store: Store, acknowledged: readonly Acknowledged[]) {
  const audit = await auditJournal(store, 'shop');
  const faults = [...audit.faults];
  const rows = await store.query<{ verdict: string }>("select verdict from souk.verdicts where tenant = 'shop'");
  const kept = new Map(
    rows.map(({ verdict }) => [(JSON.parse(verdict) as Verdict).id, JSON.parse(verdict) as Verdict]),
  );
  for (const { verdict, order } of acknowledged) {
    if (JSON.stringify(kept.get(verdict.id)) !== JSON.stringify(verdict))
      faults.push(`The verdict on ${verdict.id} was lost.`);
    if (order !== undefined && verdict.outcome !== 'accepted')
      faults.push(`The order ${order} was refused: ${verdict.code ?? ''}.`);
  }
  const bodies = await store.query<{ body: string }>('select body from souk.facts order by stream, seq');
  const facts = bodies.map(({ body }) => JSON.parse(body) as Fact);
  const orders = facts.flatMap((fact) => (fact.kind === 'order-awarded' ? [fact.order] : []));
  if (new Set(orders).size !== orders.length) faults.push('An order was awarded twice.');
  for (const { order } of acknowledged) {
    if (order !== undefined && !orders.includes(order)) faults.push(`The award of ${order} was lost.`);
  }
  const again = await decideAgain(facts);
  for (const [stream, digest] of Object.entries(audit.digests)) {
    if (again[stream] !== digest) faults.push(`Deciding again gives another digest of ${stream}.`);
  }
  return { facts: facts.length, faults };
}

/** The command that a fact came from, at its instant. */
function commandOf(fact: Fact): Command | undefined {
  const account = fact.stream.slice('account/'.length);
  const head = { id: fact.command, account, at: fact.at };
  if (fact.kind === 'points-redeemed') {
    const points = fact.parts.reduce((sum, part) => sum + part.points, 0);
    return { ...head, kind: 'redeem-points', author: 'shopper', redemption: fact.redemption, points };
  }
  if (fact.kind !== 'order-awarded') return undefined;
  const lines = fact.lines.map(({ item, quantity, paid }): OrderLine => ({ item, quantity, paid }));
  return { ...head, kind: 'receive-order', author: 'commerce', order: fact.order, currency: 'GBP', lines };
}

async function decideAgain(facts: readonly Fact[]): Promise<Record<string, string>> {
  const engine = await (await load()).createEngine();
  engine.openProgram(program);
  const handles = new Map<string, number>();
  for (const fact of facts) {
    if (!handles.has(fact.stream)) handles.set(fact.stream, engine.openStream({ stream: fact.stream }).handle);
    const command = commandOf(fact);
    if (command !== undefined) engine.submit({ command });
  }
  return Object.fromEntries(Array.from(handles, ([stream, handle]) => [stream, engine.digest({ handle }).digest]));
}
