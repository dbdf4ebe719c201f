// SPDX-License-Identifier: MIT
// Puts a collector together.
import type { Engine, Program } from 'souk';
import { createKeySet } from '../server/keys.js';
import { Behaviour } from './behaviour.js';
import { systemClock } from './clock.js';
import type { Deciding, Decision } from './decide.js';
import { givePassed } from './due.js';
import { isGone } from './engine-gone.js';
import { newEngine } from './engine-load.js';
import { Feed } from './feed.js';
import { later } from './http/answer.js';
import { Authority } from './http/auth.js';
import type { Context, PublicProgram } from './http/context.js';
import type { IncomingRequest } from './http/incoming.js';
import { RateLimit } from './http/rate.js';
import { createHandler, type RequestInfo } from './http/router.js';
import { type Ids, openIds } from './ids.js';
import { deviceNotes } from './invitations.js';
import { createLog, errorText } from './log.js';
import { Metrics } from './metrics.js';
import { type CollectorOptions, defaultLimits, type Limits } from './options.js';
import { Deliverer, teamWebhooks } from './outbox.js';
import { migrate } from './store/migrations.js';
import { StreamCache } from './stream-cache.js';
import type { UndatedCommand } from './streams.js';
import { TeamViews } from './team-views.js';
import { normalText } from './text.js';
import { startTicker } from './ticker.js';
import { Writer } from './writer.js';

/** The reference backend of one shop. */
export interface Collector {
  /** Answers a request, such as a `Request`; never rejects. */
  handle(request: IncomingRequest, info?: RequestInfo): Promise<Response>;
  /**
   * Takes another program into use, and tells the pages that listen.
   *
   * @throws SoukError `invalid-program`, `invalid-zone`, `unknown-currency`; the old program then stays.
   */
  openProgram(program: Program): Promise<void>;
  /** Ends event streams and timers, and resolves when nothing is being decided. The store stays open. */
  close(): Promise<void>;
}

/** An engine that may be lost and is then replaced. */
class Engines {
  #program: Program;
  #deciding: Deciding | undefined;
  #reader: Engine | undefined;
  readonly #rest: Omit<Deciding, 'engine' | 'cache'>;
  readonly #limits: Limits;

  constructor(program: Program, rest: Omit<Deciding, 'engine' | 'cache'>, limits: Limits) {
    this.#program = program;
    this.#rest = rest;
    this.#limits = limits;
  }

  /** The engine that decides; another one where it has been lost or has grown too big. Asked between transactions only. */
  async deciding(): Promise<Deciding> {
    const present = this.#deciding?.engine;
    if (this.#deciding !== undefined && present !== undefined && isAlive(present)) {
      if (present.allocatedBytes() < this.#limits.engineBytes) return this.#deciding;
      present.dispose();
    }
    const engine = await newEngine();
    engine.openProgram(this.#program);
    this.#deciding = {
      ...this.#rest,
      engine,
      cache: new StreamCache(engine, this.#rest.tenant, this.#limits.openStreams),
    };
    return this.#deciding;
  }

  /** The engine that reads. */
  async reader(): Promise<Engine> {
    if (this.#reader === undefined || !isAlive(this.#reader)) this.#reader = await newEngine();
    return this.#reader;
  }

  /** Takes a program into use; streams stay open. */
  async openProgram(program: Program): Promise<Omit<PublicProgram, 'since'>> {
    const { program: hash } = (await this.reader()).openProgram(program); // checks it whole
    this.#program = program;
    // Not by deciding(), which may replace the engine under a transaction that runs.
    const present = this.#deciding?.engine;
    if (present !== undefined && isAlive(present)) present.openProgram(program);
    return { hash, text: normalText(program) };
  }
}

function isAlive(engine: Engine): boolean {
  try {
    engine.allocatedBytes(); // the cheapest question
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

const idPattern = /^[\w.:-]{1,64}$/;

function checkOptions({ tenant, base = '', origins = [] }: CollectorOptions): void {
  if (!idPattern.test(tenant)) throw new TypeError('tenant is an id of 1 to 64 letters, digits or one of . _ : -');
  if (!/^(\/[\w.-]+)*$/.test(base))
    throw new TypeError("base is empty or a path such as '/souk', without a slash at its end.");
  if (origins.includes('*')) throw new TypeError('origins names sites; tokens are not for every site.');
}

/**
 * A collector as a `Request → Response` handler.
 *
 * @throws TypeError for options that cannot be; SoukError for a program that cannot be used; ServerError for keys that are none; Error where
 * the database is of a newer version.
 */
export async function createCollector(options: CollectorOptions): Promise<Collector> {
  checkOptions(options);
  const { store, tenant, clock = systemClock, pollMs = 500, heartbeatMs = 15_000 } = options;
  const log = createLog(tenant, options.log ?? (() => undefined));
  await migrate(store);
  const ids = await openIds(store, tenant);
  const limits = { ...defaultLimits, ...options.limits };
  const rest = { tenant, clock, ids, webhooksOf: options.webhooksOf ?? teamWebhooks };
  const engines = new Engines(options.program, rest, limits);
  let program: PublicProgram = { ...(await engines.openProgram(options.program)), since: clock.now() };
  const metrics = new Metrics();
  const feed = new Feed({ store, tenant, heartbeatMs, program });
  const behaviour = new Behaviour({ store, tenant, clock, metrics });
  const writer = new Writer({ store, clock, feed, log, metrics, deciding: () => engines.deciding() });
  metrics.gauge('souk_event_streams', () => feed.size);
  metrics.gauge('souk_commands_waiting', () => writer.waiting);

  const decide = async (command: UndatedCommand, given?: object): Promise<Decision> => {
    if (writer.waiting >= limits.waitingCommands) throw later(503, 'overloaded', 'Too many commands wait.', 1);
    return writer.decide(command, given);
  };
  const keys = await createKeySet(options.memberKeys);
  const reader = () => engines.reader();
  const context: Context = {
    ...{ options, tenant, store, clock, ids, keys, limits, behaviour, feed, metrics, log, decide },
    authority: new Authority({ keys, tenant, clock }),
    commandRate: new RateLimit(limits.commandRate),
    eventRate: new RateLimit(limits.eventRate),
    program: () => program,
    reader,
    seen: deviceNotes(store, tenant),
    teams: new TeamViews({ store, tenant, clock, reader }),
  };
  const stopBackground = startBackground(context, ids, pollMs);
  return {
    handle: createHandler(context),
    async openProgram(next) {
      const opened = await engines.openProgram(next);
      if (opened.hash === program.hash) return;
      program = { ...opened, since: Math.max(clock.now(), program.since + 1) };
      feed.programChanged(program);
    },
    async close() {
      feed.close();
      await stopBackground();
      await Promise.all([writer.idle(), behaviour.idle()]);
    },
  };
}

/** The due timer, the outbox and the look for other collectors' facts; returns what ends them. */
function startBackground(context: Context, ids: Ids, pollMs: number): () => Promise<void> {
  const { store, tenant, clock, log, metrics, feed, decide, options } = context;
  const failed = (error: unknown) => log('error', 'background-failed', { error: errorText(error) });
  const start = (pass: () => Promise<boolean>) => startTicker(pass, pollMs, failed);
  const tickers = [start(() => givePassed({ store, tenant, clock, ids, decide })), start(() => feed.poll())];
  if (options.webhook !== undefined) {
    const deliverer = new Deliverer({ store, tenant, clock, log, metrics }, options.webhook);
    tickers.push(start(() => deliverer.pass()));
  }
  const stopListening = clock.onMove(() => {
    for (const ticker of tickers) ticker.wake();
  });
  return async () => {
    stopListening();
    await Promise.all(tickers.map((ticker) => ticker.stop()));
  };
}
