// SPDX-License-Identifier: MIT
// A member's own stream, and teams as anybody may see them: read at once, or followed by server-sent events.
import type { Read } from '../feed.js';
import { chainAfter, hashAt, seqOf } from '../streams.js';
import { HttpError, json, later } from './answer.js';
import { type Call, type Context, queryInteger } from './context.js';

/** Facts of one answer at most. */
const factsAtOnce = 500;

const teamPattern = /^team\/[\w.:-]{1,64}$/;

/** Own account only; nobody reads pools. */
function requireOwn(stream: string, account: string): void {
  if (stream !== `account/${account}`) throw new HttpError(403, 'not-yours', 'A member reads the own streams only.');
}

/** A state to begin with, so that a long stream is not sent from its first fact. */
async function snapshotOf({ store, tenant }: Context, stream: string) {
  const [row] = await store.query<{ seq: number; head: string; state: string }>(
    'select seq, head, state from souk.snapshots where tenant = $1 and stream = $2',
    [tenant, stream],
  );
  return row;
}

/**
 * Whether a page's facts up to a sequence number are this collector's: `head` of an earlier answer is the hash of them all. They are not where
 * the database was restored from a backup, or is another shop's.
 */
async function isForked({ store, tenant }: Context, stream: string, after: number, url: URL): Promise<boolean> {
  const head = url.searchParams.get('head');
  const present = await hashAt(store, tenant, stream, after);
  return present === undefined || (head !== null && head !== present);
}

/** A team's redacted view, as its own members and all others see it. */
async function viewOf({ teams }: Context, stream: string, account: string) {
  const view = await teams.view(stream, account);
  if (view === undefined) throw new HttpError(404, 'unknown-team', 'No team has that id.', { path: '/stream' });
  return { stream, ...view };
}

/** Reads on for a listener of a team: the view, whenever the team has changed. */
function teamNews(context: Context, stream: string, account: string): Read {
  return async (after) => {
    const data = await viewOf(context, stream, account);
    return data.seq > after ? { seq: data.seq, event: 'team', data } : undefined;
  };
}

/**
 * `GET /v1/streams/{kind}/{id}?after=SEQ`. Of a team, its view. `seq` is where the answer's facts end; `more` says that the stream goes on beyond.
 * Without `after` a long stream begins with a `snapshot`, and `facts` are those behind it. `head` is the chain's hash at `seq`; given back beside
 * `after`, it shows whether the page's facts are still this collector's. Where they are not, the answer is `forked`, and begins anew.
 */
export async function getStream(context: Context, { request, url, parts }: Call): Promise<Response> {
  const { account } = await context.authority.member(request);
  const stream = parts.join('/');
  if (teamPattern.test(stream)) {
    const view = await viewOf(context, stream, account);
    return json({ now: context.clock.now(), ...view });
  }
  requireOwn(stream, account);
  const { store, tenant, clock } = context;
  const asked = queryInteger(url, 'after');
  const forked = asked !== undefined && (await isForked(context, stream, asked, url));
  const given = forked ? undefined : asked;
  const snapshot = given === undefined ? await snapshotOf(context, stream) : undefined;
  const after = given ?? snapshot?.seq ?? 0;
  const { facts, head = snapshot?.head } = await chainAfter(store, tenant, stream, after, factsAtOnce);
  const seq = facts.at(-1)?.seq ?? after;
  return json({
    now: clock.now(),
    stream,
    seq,
    head: head ?? (await hashAt(store, tenant, stream, seq)) ?? '',
    facts,
    ...(forked ? { forked } : {}),
    ...(snapshot === undefined ? {} : { snapshot: snapshot.state }),
    ...(facts.length === factsAtOnce ? { more: true } : {}),
  });
}

/** Where a listener wants to go on: `Last-Event-ID` of a connection that broke, else `after`, else from the beginning. */
function position(stream: string, { request, url }: Call): number {
  const last = request.headers.get('last-event-id');
  if (last === null || last === '') return queryInteger(url, 'after') ?? 0;
  const [name, seq] = last.split('@');
  if (name !== stream || !/^\d{1,15}$/.test(seq ?? '')) {
    throw new HttpError(400, 'out-of-range', 'Last-Event-ID is of another stream.', { path: '/last-event-id' });
  }
  return Number(seq);
}

/** `GET /v1/events?stream=account/ID&after=SEQ&head=HASH`, and `stream=team/ID` */
export async function getEvents(context: Context, call: Call): Promise<Response> {
  const { request, url } = call;
  const { account } = await context.authority.member(request, url.searchParams);
  const stream = url.searchParams.get('stream') ?? '';
  const isTeam = teamPattern.test(stream);
  if (isTeam) await viewOf(context, stream, account);
  else requireOwn(stream, account);
  const after = position(stream, call);
  const { store, tenant, feed, limits } = context;
  if (after > (await seqOf(store, tenant, stream))) {
    throw new HttpError(400, 'out-of-range', 'The stream has not come that far: read it anew.', { path: '/after' });
  }
  if (!isTeam && (await isForked(context, stream, after, url))) {
    throw new HttpError(409, 'history-forked', 'These facts are not the stream’s: read it anew.', { path: '/head' });
  }
  if (feed.size >= limits.eventStreams) throw later(503, 'too-many-streams', 'Too many event streams are open.', 5);
  return new Response(feed.open(stream, after, isTeam ? teamNews(context, stream, account) : undefined), {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  });
}
