// SPDX-License-Identifier: MIT
// What the engine of a page leaves out, and that what it keeps is the same.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Engine, load, type StreamStatus } from 'souk';
import { describe, expect, it } from 'vitest';
import { vectorCalls } from './vector-files.js';

const pageWasm = readFileSync(new URL('../../web/dist/souk.wasm', import.meta.url));

/** An engine that has done what the vectors of team purchases do, and the streams that it then holds. */
async function wholeEngine(): Promise<{ engine: Engine; handles: Map<string, number> }> {
  const engine = await (await load()).createEngine();
  const handles = new Map<string, number>();
  for (const { op, hex } of vectorCalls('teams.ndjson')) {
    const answer = engine.callBytes(op, Buffer.from(hex, 'hex'));
    if (op !== 'open-stream') continue;
    const { value } = JSON.parse(Buffer.from(answer).toString()) as { value?: StreamStatus };
    if (value) handles.set(value.stream, value.handle);
  }
  return { engine, handles };
}

async function pageEngine(): Promise<Engine> {
  return (await load({ engine: 'wasm', wasmBinary: pageWasm })).createEngine();
}

const code = (run: () => unknown): unknown => {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('the engine of a page', () => {
  it('restores every account that took part in a team purchase, with the same digest and the same snapshot', async () => {
    const { engine, handles } = await wholeEngine();
    const page = await pageEngine();
    const accounts = [...handles].filter(([stream]) => stream.startsWith('account/'));
    expect(accounts.length).toBeGreaterThan(1);
    for (const [, handle] of accounts) {
      const snapshot = engine.snapshot({ handle });
      const there = page.restore(snapshot);
      expect(page.digest({ handle: there.handle })).toEqual(engine.digest({ handle }));
      expect(page.snapshot({ handle: there.handle })).toEqual(snapshot);
    }
  });

  it('refuses the snapshot of a team or of a pool', async () => {
    const { engine, handles } = await wholeEngine();
    const page = await pageEngine();
    const shared = [...handles].filter(([stream]) => !stream.startsWith('account/'));
    expect(shared.length).toBeGreaterThan(1);
    for (const [, handle] of shared) {
      const snapshot = engine.snapshot({ handle });
      expect(code(() => page.restore(snapshot))).toBe('unknown-value');
    }
  });

  it('refuses a snapshot whose flags of a team and a pool are no flags, whatever they add up to', async () => {
    const page = await pageEngine();
    const { handle } = page.openStream({ stream: 'account/a1' });
    const whole = page.snapshot({ handle });
    page.closeStream({ handle });
    const body = whole.subarray(8, -32);
    expect([...body.subarray(-3)]).toEqual([0, 0, 0]); // no team, no pool, no command
    const forged = (flags: readonly number[]) => {
      const bytes = Buffer.concat([body.subarray(0, -3), Buffer.from([...flags, 0])]);
      return Buffer.concat([whole.subarray(0, 8), bytes, createHash('sha256').update(bytes).digest()]);
    };
    expect(code(() => page.restore(forged([1, 0])))).toBe('unknown-value');
    // 1 and 2^64 - 1: their sum is 0 again in 64 bits.
    expect(code(() => page.restore(forged([1, ...Array<number>(9).fill(0xff), 1])))).toMatch(
      /damaged-bytes|unknown-value/,
    );
    expect(page.restore(forged([0, 0])).seq).toBe(0);
  });

  it('opens no team and no pool, and knows none of their commands and questions', async () => {
    const page = await pageEngine();
    expect(code(() => page.openStream({ stream: 'team/t1' }))).toBe('unknown-value');
    expect(code(() => page.openStream({ stream: 'pool/p1' }))).toBe('unknown-value');
    expect(code(() => page.team({ handle: 1, at: 0 }))).toBe('unknown-operation');
    const stop = { kind: 'stop-team', id: 'c1', author: 'shop', at: 0, team: 't1' } as const;
    expect(code(() => page.submit({ command: stop as never }))).toBe('unknown-value');
  });

  it('refuses facts of pools, and an account that claims to hold a team', async () => {
    const { engine, handles } = await wholeEngine();
    const page = await pageEngine();
    const { handle } = page.openStream({ stream: 'account/a1' });
    const held = { kind: 'stock-held' } as never;
    expect(code(() => page.evolve({ handle, facts: [held] }))).toBe('unknown-value');
    const team = [...handles].find(([stream]) => stream.startsWith('team/'));
    const forged = engine.snapshot({ handle: team?.[1] ?? 0 });
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    expect(code(() => page.restore(forged))).toBe('damaged-bytes');
  });
});
