// SPDX-License-Identifier: MIT
// The commerce port: the shop says what became of orders. The signature is over the raw bytes and is checked before they are read; an
// event's command gets its id from the event's, so the same event again gets the first verdict.
import { ServerError } from '../../server/errors.js';
import { signatureHeader, verifyWebhook } from '../../server/webhook.js';
import type { UndatedCommand } from '../streams.js';
import { HttpError, json } from './answer.js';
import { isObject, type JsonObject, parseObject, readBody, without } from './body.js';
import { bodyLimits, type Call, type Context, noteRefusal, requireKnown } from './context.js';
import type { IncomingRequest } from './incoming.js';

type Made = JsonObject & { readonly kind: UndatedCommand['kind'] };

/** What an event's data becomes; `team` makes the id of a team that starts. */
type Translate = (data: JsonObject, team: () => Promise<string>) => Made | Promise<Made>;

const wrongTeam = () => new HttpError(400, 'wrong-type', 'A team is {campaign} or {id}.', { path: '/data/team' });

/** A payment for an order, or for a seat: the first of a team that starts by it, or one of a team that is there. */
const paid: Translate = async (data, newTeam) => {
  const { team } = data;
  const payment = without(data, 'team');
  if (team === undefined) {
    const order = ['payment', 'amount', 'currency', 'name'].reduce(without, payment);
    return { ...order, kind: 'pay-order' };
  }
  if (!isObject(team) || Object.keys(team).length !== 1) throw wrongTeam();
  const seat = { ...payment, name: data['name'] ?? '' };
  if (typeof team['id'] === 'string') return { ...seat, kind: 'join-team', team: team['id'] };
  if (typeof team['campaign'] !== 'string') throw wrongTeam();
  return { ...seat, kind: 'start-team', campaign: team['campaign'], team: await newTeam() };
};

/** An event whose data are the fields of one command. */
const plainly =
  (kind: UndatedCommand['kind']): Translate =>
  (data) => ({ ...data, kind });

/** What an event's data has to name: whose command it is. */
type About = 'account' | 'pool' | 'team';

/** The commands that events become, by what they are about. Reviews await theirs in the engine. */
const translations: Readonly<Record<string, readonly [About, Translate] | undefined>> = {
  'order-paid': ['account', paid],
  'order-received': ['account', plainly('receive-order')],
  'order-refunded': ['account', plainly('refund-order')],
  'grant-points': ['account', plainly('grant-points')],
  'reverse-grant': ['account', plainly('reverse-grant')],
  'merge-accounts': ['account', plainly('merge-accounts')],
  'link-anonymous': ['account', plainly('link-anonymous')],
  'stop-team': ['team', plainly('stop-team')],
  'stock-changed': ['pool', plainly('set-stock')],
  'hold-stock': ['pool', plainly('hold-stock')],
  'release-stock': ['pool', plainly('release-stock')],
  'commit-stock': ['pool', plainly('commit-stock')],
  'review-published': undefined,
};

async function verifiedBody({ options, clock, limits }: Context, request: IncomingRequest): Promise<Uint8Array> {
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
  if (!Object.hasOwn(translations, type))
    throw new HttpError(400, 'unknown-event', 'No event has that type.', { path: '/type' });
  const translation = translations[type];
  if (translation === undefined) {
    throw new HttpError(400, 'unsupported-event', `The engine has no command yet for '${type}'.`, { path: '/type' });
  }
  const { data } = body;
  if (!isObject(data)) throw new HttpError(400, 'wrong-type', "An event's data is an object.", { path: '/data' });
  const event = field(body, 'id');
  const [about, translate] = translation;
  if (typeof data[about] !== 'string') {
    throw new HttpError(400, 'missing-field', `The data names the ${about}.`, { path: `/data/${about}` });
  }
  const id = await ids.make('commerce', event);
  const command = await translate(data, () => ids.make('team', event));
  return { ...command, id, author: 'commerce' } as unknown as UndatedCommand;
}

/** `POST /v1/commerce` */
export async function postCommerce(context: Context, { request }: Call): Promise<Response> {
  const bytes = await verifiedBody(context, request);
  const body = parseObject(await context.reader(), bytes);
  requireKnown(body, ['id', 'type', 'data']);
  const command = await commandOf(context, body);
  const decision = await context.decide(command);
  noteRefusal(context, decision);
  if ('verdict' in decision) {
    const team = command.kind === 'start-team' ? { team: command.team } : {};
    return json({ now: context.clock.now(), id: body['id'], verdict: decision.verdict, ...team });
  }
  const { code, path, message } = decision.error;
  if (code === 'command-id-reused') {
    throw new HttpError(409, 'event-id-reused', 'The id was used for another event.', { path: '/id' });
  }
  throw new HttpError(400, code, message, { path: `/data${path}` });
}
