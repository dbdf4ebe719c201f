// SPDX-License-Identifier: MIT
// What a collector is made from.
import type { Fact, Program } from 'souk';
import type { MemberKey } from '../server/keys.js';
import type { Clock } from './clock.js';
import type { Rate } from './http/rate.js';
import type { LogEntry } from './log.js';
import type { Webhook, WebhookTarget } from './outbox.js';
import type { Store } from './store/sql.js';

/** Bounds on what one request, key or stream may cost. */
export interface Limits {
  /** Bytes of a body after decompression. Default 524,288; the engine reads at most 1,048,576. */
  readonly bodyBytes: number;
  /** Time until a body's last byte, milliseconds. Default 10,000. */
  readonly bodyMs: number;
  /** Times that gzip may blow a body up. Default 100. */
  readonly gzipRatio: number;
  /** Bytes of one behaviour event. Default 32,768, as Segment's. */
  readonly eventBytes: number;
  /** Commands of one request. Default 50. */
  readonly commands: number;
  /** Commands that may wait for their transaction before 503 is answered. Default 5,000. */
  readonly waitingCommands: number;
  /** Commands of each account. Default 20 a second, 200 at once. */
  readonly commandRate: Rate;
  /** Behaviour events of each address (of each write key where the host names no address). Default 200 a second, 2,000 at once. */
  readonly eventRate: Rate;
  /** Open event streams. Default 10,000. */
  readonly eventStreams: number;
  /** Streams that stay open in the engine. Default 10,000. */
  readonly openStreams: number;
  /**
   * Bytes that the deciding engine may allocate. It keeps a journal of all that it decided, which the database has too; beyond this size a
   * fresh engine goes on. Default 134,217,728.
   */
  readonly engineBytes: number;
}

/** The limits of a collector that names none. */
export const defaultLimits: Limits = {
  bodyBytes: 524_288,
  bodyMs: 10_000,
  gzipRatio: 100,
  eventBytes: 32_768,
  commands: 50,
  waitingCommands: 5_000,
  commandRate: { perSecond: 20, burst: 200 },
  eventRate: { perSecond: 200, burst: 2_000 },
  eventStreams: 10_000,
  openStreams: 10_000,
  engineBytes: 128 * 2 ** 20,
};

/** One shop's collector. */
export interface CollectorOptions {
  /** The shop, 1 to 64 of `A-Z a-z 0-9 . _ : -`. Several may share a store. */
  readonly tenant: string;
  /** From `openStore` of `souk/collector/node`, or one of your own. It is the caller's to close, after the collector. */
  readonly store: Store;
  /** The program that decides. */
  readonly program: Program;
  /** Keys of member tokens; for Ed25519 their public parts are enough. */
  readonly memberKeys: readonly MemberKey[];
  /** Public write keys of behaviour. Default: none, and behaviour is refused. */
  readonly writeKeys?: readonly string[];
  /** Secrets of the commerce port, at least 16 bytes each. Default: none, and the port is closed. */
  readonly commerceSecrets?: readonly string[];
  /** Where the shop is told. Default: nowhere; messages wait in the outbox. */
  readonly webhook?: WebhookTarget;
  /** What a fact asks of the shop, in place of what team purchases ask by default: hold an order, fulfil it, refund a payment. */
  readonly webhooksOf?: (fact: Fact) => readonly Webhook[];
  /** Path in front of all routes, such as `/souk`. Default: none. */
  readonly base?: string;
  /** Origins of other sites whose pages may send behaviour and commands. Default: none; `'*'` is not accepted. */
  readonly origins?: readonly string[];
  /** Default: the host's clock. */
  readonly clock?: Clock;
  /** Takes log entries. Default: nobody. */
  readonly log?: (entry: LogEntry) => void;
  readonly limits?: Partial<Limits>;
  /** Time between looks for due instants and for facts of other collectors, milliseconds. Default 500. */
  readonly pollMs?: number;
  /** Time between heartbeats of an event stream, milliseconds. Default 15,000. */
  readonly heartbeatMs?: number;
}
