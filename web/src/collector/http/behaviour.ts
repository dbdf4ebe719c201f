// SPDX-License-Identifier: MIT
// Segment's endpoints, and those that the SDKs of RudderStack and Jitsu call in their place. The write key is public and gives no right but to send behaviour.
import { checkEvent, type Rejection, type Sender } from '../behaviour.js';
import { HttpError, json } from './answer.js';
import { writeKeyOf } from './auth.js';
import { isObject, type JsonObject, without } from './body.js';
import { bodyObject, type Call, type Context, objectsOf } from './context.js';

/** Events of one batch at most; Segment's own limit is the size alone. */
const maxEvents = 1000;

const shortNames: Readonly<Record<string, string>> = {
  t: 'track',
  p: 'page',
  i: 'identify',
  g: 'group',
  a: 'alias',
  s: 'screen',
};

function requireWriteKey({ options }: Context, { request, url }: Call, body: JsonObject): string {
  const key = writeKeyOf(request, { inBody: body['writeKey'], query: url.searchParams });
  if (key !== undefined && options.writeKeys?.includes(key)) return key;
  throw new HttpError(401, 'unknown-write-key', 'The write key is not known.');
}

function senderOf(body: JsonObject): Sender | undefined {
  const sender = body['sender'];
  if (sender === undefined) return undefined;
  const { id, epoch } = isObject(sender) ? sender : {};
  if (
    typeof id !== 'string' ||
    id.length > 100 ||
    typeof epoch !== 'number' ||
    !Number.isSafeInteger(epoch) ||
    epoch < 0
  ) {
    throw new HttpError(400, 'wrong-type', 'A sender is {id, epoch}.', { path: '/sender' });
  }
  return { id, epoch };
}

async function keep(context: Context, call: Call, body: JsonObject, raw: readonly JsonObject[]): Promise<Response> {
  const key = requireWriteKey(context, call, body);
  context.eventRate.take(call.address ?? key, raw.length);
  const checked = raw.map((event) => checkEvent(event, context.limits.eventBytes));
  const events = checked.flatMap((one) => ('rejected' in one ? [] : [one]));
  const rejected: Rejection[] = checked.flatMap((one) => ('rejected' in one ? [one.rejected] : []));
  context.metrics.count('souk_behaviour_events_total', { outcome: 'rejected' }, rejected.length);
  const sender = senderOf(body);
  const stored = await context.behaviour.keep(sender === undefined ? { events } : { events, sender });
  if (stored === 'fenced')
    throw new HttpError(409, 'fenced', 'Another sender has taken over.', { path: '/sender/epoch' });
  return json({ success: true, accepted: events.map(({ messageId }) => messageId), rejected });
}

/** `POST /v1/batch`, `/v1/b`, `/beacon/v1/batch` */
export async function postBatch(context: Context, call: Call): Promise<Response> {
  const body = await bodyObject(context, call.request, true);
  return keep(context, call, body, objectsOf(body, 'batch', maxEvents));
}

/** `POST /v1/track`, `/v1/t`, `/api/s/track` and their kin: one message, whose type is the path's. */
export async function postOne(context: Context, call: Call): Promise<Response> {
  const body = await bodyObject(context, call.request, true);
  const name = call.parts[0] ?? '';
  return keep(context, call, body, [{ ...without(body, 'writeKey'), type: shortNames[name] ?? name }]);
}
