// SPDX-License-Identifier: MIT
// Server-sent events: nothing left out, nothing twice, whoever decided and however often the line breaks.
import type { Fact } from 'souk';
import type { Store } from 'souk/collector';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeySet, issueMemberToken } from 'souk/server';
import { seat, startTeam, stock, teamProgram } from './team-world.js';
import { createWorld, openTemporaryStore, program, received, redeem, type World } from './world.js';

interface SentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: { readonly stream: string; readonly facts: readonly Fact[]; readonly head: string };
}

interface ProgramNews {
  readonly program: string;
  readonly since: number;
}

/** Reads events as a browser's EventSource does. */
class Listener {
  readonly events: SentEvent[] = [];
  readonly programs: ProgramNews[] = [];
  readonly comments: string[] = [];
  readonly status: number;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly done: Promise<void>;

  constructor(answer: Response) {
    this.status = answer.status;
    this.#reader = answer.body?.getReader();
    this.done = this.#read();
  }

  /** Sequence numbers in the order of their arrival. */
  get seqs(): number[] {
    return this.events.flatMap(({ event, data }) => (event === 'facts' ? data.facts.map(({ seq }) => seq) : []));
  }

  get lastId(): string {
    return this.events.findLast(({ id }) => id !== '')?.id ?? '';
  }

  async leave(): Promise<void> {
    await this.#reader?.cancel();
    await this.done;
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for (;;) {
      const part = await this.#reader?.read();
      if (part === undefined || part.done) return;
      text += decoder.decode(part.value, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block);
    }
  }

  #take(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
    if (block.startsWith(':')) this.comments.push(block);
    const data = field('data');
    if (data === '') return;
    if (field('event') === 'program') this.programs.push(JSON.parse(data) as ProgramNews);
    else this.events.push({ id: field('id'), event: field('event'), data: JSON.parse(data) as SentEvent['data'] });
  }
}

let opened: { readonly store: Store; readonly close: () => Promise<void> };
let world: World;
let other: World;
beforeAll(async () => {
  opened = await openTemporaryStore();
  world = await createWorld(opened.store, { heartbeatMs: 200 });
  other = await createWorld(opened.store);
});
afterAll(async () => {
  await Promise.all([world.close(), other.close()]);
  await opened.close();
});

async function listen(on: World, account: string, more: { after?: number; lastId?: string } = {}): Promise<Listener> {
  const query = new URLSearchParams({ stream: `account/${account}`, token: await on.token(account) });
  if (more.after !== undefined) query.set('after', String(more.after));
  const headers: Record<string, string> = more.lastId === undefined ? {} : { 'last-event-id': more.lastId };
  return new Listener(
    await on.collector.handle(new Request(`http://shop.example/v1/events?${query.toString()}`, { headers })),
  );
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('the events of a stream', () => {
  it('begin where the page stands and bring every fact as it is made', async () => {
    await world.commerce(received('o1', 'mei', 100));
    const listener = await listen(world, 'mei', { after: 0 });
    await expect.poll(() => listener.seqs).toEqual([1, 2]);
    await world.commands('mei', redeem('c1', 'mei', 1));
    await expect.poll(() => listener.seqs).toEqual([1, 2, 3]);
    expect(listener.lastId).toBe('account/mei@3');
    await listener.leave();
  });

  it('come from other collectors too', async () => {
    const listener = await listen(world, 'mei', { after: 3 });
    await other.commands('mei', redeem('c2', 'mei', 1));
    await expect.poll(() => listener.seqs).toEqual([4]);
    await listener.leave();
  });

  it('have no gap and no repetition over 30 broken lines, on two collectors', async () => {
    await world.commerce(received('o2', 'lin', 500));
    const seqs: number[] = [];
    let lastId = 'account/lin@0';
    for (let n = 0; n < 30; n += 1) {
      const listener = await listen(n % 2 === 0 ? world : other, 'lin', { lastId });
      const commands = [redeem(`l-${n}-a`, 'lin', 1), redeem(`l-${n}-b`, 'lin', 1)];
      const decided = Promise.all(commands.map((command) => world.commands('lin', command)));
      if (n % 3 !== 0) await expect.poll(() => listener.seqs.length).toBeGreaterThan(0);
      await listener.leave();
      await decided;
      seqs.push(...listener.seqs);
      if (listener.lastId !== '') lastId = listener.lastId;
    }
    const rest = await listen(world, 'lin', { lastId });
    await expect.poll(() => [...seqs, ...rest.seqs]).toEqual(upTo(62));
    await rest.leave();
  });

  it('show that the line lives', async () => {
    const listener = await listen(world, 'mei', { after: 4 });
    await expect.poll(() => listener.comments.length).toBeGreaterThan(1);
    await listener.leave();
  });

  it('tell of another program', async () => {
    const listener = await listen(world, 'mei', { after: 4 });
    await expect.poll(() => listener.programs).toHaveLength(1);
    await world.collector.openProgram({ ...program, name: 'Another program' });
    await expect.poll(() => listener.programs).toHaveLength(2);
    const [before, after] = listener.programs;
    const { headers } = await world.send('GET', '/v1/program');
    expect(headers.get('etag')).toBe(`"${after?.program ?? ''}"`);
    expect(headers.get('souk-program-since')).toBe(String(after?.since));
    expect(after?.since).toBeGreaterThan(before?.since ?? Infinity);
    await listener.leave();
  });

  it('tell of the program at their beginning, since it may have changed while nobody listened', async () => {
    const listener = await listen(world, 'mei', { after: 4 });
    const { headers } = await world.send('GET', '/v1/program');
    await expect.poll(() => listener.programs.map((one) => `"${one.program}"`)).toEqual([headers.get('etag')]);
    await listener.leave();
  });

  it('carry the hash of the chain, and are refused to a page that comes with another one', async () => {
    const listener = await listen(world, 'mei', { after: 0 });
    await expect.poll(() => listener.seqs).toEqual([1, 2, 3, 4]);
    const head = listener.events.at(-1)?.data.head ?? '';
    await listener.leave();
    const query = async (hash: string) => `after=4&head=${hash}&stream=account/mei&token=${await world.token('mei')}`;
    const follow = async (hash: string) => {
      const url = `http://shop.example/v1/events?${await query(hash)}`;
      return new Listener(await world.collector.handle(new Request(url)));
    };
    const [same, other] = [await follow(head), await follow('f'.repeat(64))];
    expect([same.status, other.status]).toEqual([200, 409]);
    await same.leave();
    const read = async (hash: string) => {
      const headers = { authorization: `Bearer ${await world.token('mei')}` };
      return world.send<object>('GET', `/v1/streams/account/mei?${await query(hash)}`, { headers });
    };
    expect((await read(head)).body).toMatchObject({ seq: 4, head, facts: [] });
    expect((await read(head)).body).not.toHaveProperty('forked');
    expect((await read('f'.repeat(64))).body).toMatchObject({
      forked: true,
      seq: 4,
      head,
      facts: [{ seq: 1 }, {}, {}, {}],
    });
  });

  it('of a team bring its redacted view whenever it changes, and none of its facts', async () => {
    const teams = await createWorld(opened.store, { program: teamProgram, tenant: 'teams' });
    const keys = await createKeySet([teams.key]);
    await teams.commerce(stock('tea', 'tea', 5));
    const team = await startTeam(teams, 'e1', 'mei');
    const now = teams.clock.now();
    const token = await issueMemberToken({ tenant: 'teams', account: 'lin', keys, now });
    const query = new URLSearchParams({ stream: `team/${team}`, token });
    const url = `http://shop.example/v1/events?${query.toString()}`;
    const listener = new Listener(await teams.collector.handle(new Request(url)));
    await expect.poll(() => listener.events).toMatchObject([{ event: 'team', data: { team: { seatsLeft: 2 } } }]);
    await teams.commerce(seat('e2', 'ada', { id: team }));
    await expect.poll(() => listener.events.length).toBe(2);
    expect(listener.events[1]).toMatchObject({ id: `team/${team}@3`, data: { seq: 3, team: { seatsLeft: 1 } } });
    expect(JSON.stringify(listener.events)).not.toMatch(/mei|ada|p-e1|o-e1|facts/);
    await listener.leave();
    await teams.close();
  });

  it('are refused for a position that the stream has not reached', async () => {
    const listener = await listen(world, 'mei', { after: 99 });
    expect(listener.status).toBe(400);
  });

  it('are refused beyond the limit of open streams, and no listener is forgotten', async () => {
    const small = await createWorld(opened.store, { limits: { eventStreams: 2 } });
    const [one, two, three] = [await listen(small, 'mei'), await listen(small, 'mei'), await listen(small, 'mei')];
    expect([one.status, two.status, three.status]).toEqual([200, 200, 503]);
    await one.leave();
    const four = await listen(small, 'mei');
    expect(four.status).toBe(200);
    await Promise.all([two.leave(), four.leave()]);
    expect((await small.send<string>('GET', '/metrics')).body).toContain('souk_event_streams 0');
    await small.close();
  });

  it('end when the collector closes', async () => {
    const short = await createWorld(opened.store);
    const listener = await listen(short, 'mei', { after: 4 });
    await short.close();
    await listener.done;
  });
});
