// SPDX-License-Identifier: MIT
// What the endpoints share.
import type { Engine } from 'souk';
import type { KeySet } from '../../server/keys.js';
import type { Behaviour } from '../behaviour.js';
import type { Clock } from '../clock.js';
import type { Decision } from '../decide.js';
import type { Feed } from '../feed.js';
import type { Ids } from '../ids.js';
import type { Log } from '../log.js';
import type { Metrics } from '../metrics.js';
import type { CollectorOptions, Limits } from '../options.js';
import type { Store } from '../store/sql.js';
import type { UndatedCommand } from '../streams.js';
import type { TeamViews } from '../team-views.js';
import type { Authority } from './auth.js';
import { HttpError, later } from './answer.js';
import { isObject, type JsonObject, parseObject, readBody } from './body.js';
import type { IncomingRequest } from './incoming.js';
import type { RateLimit } from './rate.js';

/** The program as pages load it. */
export interface PublicProgram {
  readonly hash: string;
  readonly text: string;
  /** When this collector took it into use, milliseconds since the epoch. Of two programs the later one holds. */
  readonly since: number;
}

/** A collector as its endpoints see it. */
export interface Context {
  readonly options: CollectorOptions;
  readonly tenant: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly keys: KeySet;
  readonly authority: Authority;
  readonly limits: Limits;
  readonly commandRate: RateLimit;
  readonly eventRate: RateLimit;
  readonly behaviour: Behaviour;
  readonly feed: Feed;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly program: () => PublicProgram;
  /** An engine that reads documents and decides nothing. */
  readonly reader: () => Promise<Engine>;
  /** Decides a command; HttpError 503 where too many wait or the database fails. `given`: what the sender gave of it, default all. */
  readonly decide: (command: UndatedCommand, given?: object) => Promise<Decision>;
  /** Notes that a member was seen on a device. */
  readonly seen: (account: string, device: string) => Promise<void>;
  /** Teams as anybody may see them. */
  readonly teams: TeamViews;
}

/** One request on its way. */
export interface Call {
  readonly request: IncomingRequest;
  readonly url: URL;
  /** The path's variable parts. */
  readonly parts: readonly string[];
  /** The client's address, where the host knows it. */
  readonly address: string | undefined;
}

/** Answers one kind of request. */
export type Endpoint = (context: Context, call: Call) => Response | Promise<Response>;

const jsonTypes = /^application\/json\s*(;|$)/i;
const beaconTypes = /^(application\/json|text\/plain)\s*(;|$)/i;

/**
 * The object in a request's body.
 *
 * @param beacon Whether `text/plain` is taken too, which pages may send without asking first.
 */
export async function bodyObject(
  { limits, reader }: Context,
  request: IncomingRequest,
  beacon = false,
): Promise<JsonObject> {
  if (!(beacon ? beaconTypes : jsonTypes).test(request.headers.get('content-type') ?? '')) {
    throw new HttpError(415, 'unsupported-content-type', 'The content type is application/json.');
  }
  return parseObject(await reader(), await readBody(request, bodyLimits(limits)));
}

/** The limits of a body. */
export function bodyLimits({ bodyBytes, bodyMs, gzipRatio }: Limits) {
  return { bytes: bodyBytes, ms: bodyMs, gzipRatio };
}

/** The objects of a list member; each may be of any form but must be an object. */
export function objectsOf(body: JsonObject, name: string, limit: number): readonly JsonObject[] {
  const list = body[name];
  const path = `/${name}`;
  if (list === undefined) throw new HttpError(400, 'missing-field', `The body has a list '${name}'.`, { path });
  if (!Array.isArray(list) || !list.every(isObject)) {
    throw new HttpError(400, 'wrong-type', `'${name}' is a list of objects.`, { path });
  }
  if (list.length === 0 || list.length > limit) {
    throw new HttpError(400, 'out-of-range', `'${name}' has 1 to ${limit} members.`, { path });
  }
  return list;
}

/** Refuses members that a body does not have. */
export function requireKnown(body: JsonObject, known: readonly string[]): void {
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new HttpError(400, 'unknown-field', 'The body has a member that is not known.', { path: `/${unknown}` });
}

/** A whole number of a query, 0 or more. */
export function queryInteger(url: URL, name: string): number | undefined {
  const text = url.searchParams.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text))
    throw new HttpError(400, 'not-an-integer', `'${name}' is a whole number.`, { path: `/${name}` });
  return Number(text);
}

/** The database cannot be asked at this moment. */
export const unavailable = () => later(503, 'unavailable', 'The store does not answer; send the same again.', 1);

/** Names in the log what was tried in vain. */
export function noteRefusal({ log }: Context, decision: Decision): void {
  const code = 'error' in decision ? decision.error.code : decision.verdict.code;
  if (code !== undefined) log('info', 'command-refused', { code });
}
