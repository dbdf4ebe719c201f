// SPDX-License-Identifier: MIT
// Which streams a command touches. The engine knows, and its answer depends on the states that are open: it is asked before the locks to
// know what to lock, and again behind them. What is new then cannot be locked any more, because locks are taken in the order of names; the
// transaction ends, and the next one locks the union.
import { type Engine, SoukError } from 'souk';
import { isGone } from './engine-gone.js';
import { badName, type UndatedCommand } from './streams.js';

/** Streams were named that are not locked: the transaction is to be tried again with them. */
export class UnlockedStreams extends Error {
  override readonly name = 'UnlockedStreams';
  readonly streams: readonly string[];

  constructor(streams: readonly string[]) {
    super('A command touches streams that are not locked.');
    this.streams = streams;
  }
}

/** 50 bits that nobody can foresee. */
function drawCode(): number {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return (high & 0x3ffff) * 2 ** 32 + low;
}

/** A command at an instant, as the engine takes it. An invitation code is drawn here, so that another try of the transaction draws again. */
export function dated(command: UndatedCommand, at: number) {
  return command.kind === 'make-referral-code' ? { ...command, at, random: drawCode() } : { ...command, at };
}

/** The names that an engine gives, as far as its open streams tell. Throws SoukError for a command that cannot be read. */
function ask(engine: Engine, command: UndatedCommand, at: number): readonly string[] {
  const names = engine.streamsOf({ command: dated(command, at) }).streams;
  const bad = badName(names);
  if (bad === undefined) return names;
  const kind = bad.split('/')[0] ?? '';
  throw new SoukError({
    code: 'invalid-id',
    path: `/command/${kind}`,
    message: 'An id is 1 to 64 letters, digits or one of . _ : -',
  });
}

/** What to lock for a command, by what is open now; nothing where it cannot be read, which `submit` will tell. */
export function guessStreams(engine: Engine, command: UndatedCommand, now: number): readonly string[] {
  try {
    return ask(engine, command, now);
  } catch (error) {
    if (!(error instanceof SoukError) || isGone(error)) throw error;
    return [];
  }
}

/** The locked streams that a command touches, and its instant: never before the latest one that any of them was decided at. */
export interface Named {
  readonly streams: readonly string[];
  readonly at: number;
}

/**
 * Names a command's streams behind their locks. A later instant may name more (a deadline has passed), and more streams may make the
 * instant later, so it is asked until neither changes.
 *
 * @param atOf The latest instant of a locked stream; undefined where it is not locked.
 * @throws UnlockedStreams; SoukError for a command that cannot be read
 */
export function nameStreams(
  engine: Engine,
  command: UndatedCommand,
  now: number,
  atOf: (stream: string) => number | undefined,
): Named {
  let at = now;
  for (;;) {
    const streams = ask(engine, command, at);
    const unlocked = streams.filter((stream) => atOf(stream) === undefined);
    if (unlocked.length > 0) throw new UnlockedStreams(unlocked);
    const latest = Math.max(at, ...streams.map((stream) => atOf(stream) ?? 0));
    if (latest === at) return { streams, at };
    at = latest;
  }
}
