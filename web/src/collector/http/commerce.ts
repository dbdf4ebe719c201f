// SPDX-License-Identifier: MIT
// The commerce port: the shop says what became of orders. The signature is over the raw bytes and is checked before they are read; an
// event's command gets its id from the event's, so the same event again gets the first verdict.
import { ServerError } from '../../server/errors.js';
import { signatureHeader, verifyWebhook } from '../../server/webhook.js';
import type { UndatedCommand } from '../streams.js';
import { HttpError, json } from './answer.js';
import { isObject, type JsonObject, parseObject, readBody } from './body.js';
import { bodyLimits, type Call, type Context, noteRefusal, requireKnown } from './context.js';

/** The commands that events become. The others await theirs in the engine. */
const commandKinds: Readonly<Record<string, 'receive-order' | 'refund-order' | undefined>> = {
  'order-received': 'receive-order',
  'order-refunded': 'refund-order',
  'order-paid': undefined,
  'stock-changed': undefined,
  'review-published': undefined,
};

async function verifiedBody({ options, clock, limits }: Context, request: Request): Promise<Uint8Array> {
  const secrets = options.commerceSecrets ?? [];
  if (secrets.length === 0) throw new HttpError(403, 'port-closed', 'This collector has no commerce secret.');
  const body = await readBody(request, bodyLimits(limits));
  try {
    await verifyWebhook(body, request.headers.get(signatureHeader), { secrets, now: clock.now() });
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    throw new HttpError(401, error.code, error.message);
  }
  return body;
}

function field(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value === 'string' && value.length > 0 && value.length <= 200) return value;
  throw new HttpError(400, 'missing-field', `An event has a text '${name}'.`, { path: `/${name}` });
}

async function commandOf({ ids }: Context, body: JsonObject): Promise<UndatedCommand> {
  const type = field(body, 'type');
  if (!Object.hasOwn(commandKinds, type))
    throw new HttpError(400, 'unknown-event', 'No event has that type.', { path: '/type' });
  const kind = commandKinds[type];
  if (kind === undefined) {
    throw new HttpError(400, 'unsupported-event', `The engine has no command yet for '${type}'.`, { path: '/type' });
  }
  const { data } = body;
  if (!isObject(data)) throw new HttpError(400, 'wrong-type', "An event's data is an object.", { path: '/data' });
  if (typeof data['account'] !== 'string') {
    throw new HttpError(400, 'missing-field', 'The data names the account.', { path: '/data/account' });
  }
  const id = await ids.make('commerce', field(body, 'id'));
  return { ...data, kind, id, author: 'commerce' } as unknown as UndatedCommand;
}

/** `POST /v1/commerce` */
export async function postCommerce(context: Context, { request }: Call): Promise<Response> {
  const bytes = await verifiedBody(context, request);
  const body = parseObject(await context.reader(), bytes);
  requireKnown(body, ['id', 'type', 'data']);
  const decision = await context.decide(await commandOf(context, body));
  noteRefusal(context, decision);
  if ('verdict' in decision) return json({ now: context.clock.now(), id: body['id'], verdict: decision.verdict });
  const { code, path, message } = decision.error;
  if (code === 'command-id-reused') {
    throw new HttpError(409, 'event-id-reused', 'The id was used for another event.', { path: '/id' });
  }
  throw new HttpError(400, code, message, { path: `/data${path}` });
}
