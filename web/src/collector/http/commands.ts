// SPDX-License-Identifier: MIT
// Commands of members, and their verdicts.
import type { Fact, Verdict } from 'souk';
import type { Decision, Refusal } from '../decide.js';
import type { UndatedCommand } from '../streams.js';
import { HttpError, json } from './answer.js';
import { type JsonObject, without } from './body.js';
import { bodyObject, type Call, type Context, noteRefusal, objectsOf, requireKnown } from './context.js';

/** What a page claims and is not asked: named in the log, and set from the credential. */
function noteClaims({ log }: Context, command: JsonObject): void {
  if (command['author'] !== undefined && command['author'] !== 'shopper') {
    log('warn', 'claim-ignored', { route: '/v1/commands', code: 'claimed-author' });
  }
  if (command['at'] !== undefined) log('warn', 'claim-ignored', { route: '/v1/commands', code: 'claimed-instant' });
}

/** The command with its author from the token and without an instant; the engine checks all other fields. */
function ownCommand(context: Context, raw: JsonObject, account: string, index: number): UndatedCommand {
  const path = `/commands/${index}`;
  if (raw['account'] !== account) {
    throw new HttpError(403, 'not-yours', 'A member gives commands for the own account only.', {
      path: `${path}/account`,
    });
  }
  if (typeof raw['id'] !== 'string') {
    throw new HttpError(400, 'missing-field', 'A command has an id.', { path: `${path}/id` });
  }
  noteClaims(context, raw);
  return { ...without(raw, 'at'), author: 'shopper' } as unknown as UndatedCommand;
}

type Result = { readonly id: string; readonly verdict: Verdict } | { readonly id: string; readonly error: Refusal };

const resultOf = (id: string, decision: Decision): Result =>
  'verdict' in decision ? { id, verdict: decision.verdict } : { id, error: decision.error };

/** The facts of the member's own streams, by stream. */
function ownFacts(decisions: readonly Decision[], account: string): Record<string, Fact[]> {
  const own = `account/${account}`;
  const facts = decisions.flatMap((one) => ('verdict' in one ? one.facts : [])).filter(({ stream }) => stream === own);
  const bySeq = new Map(facts.map((fact) => [fact.seq, fact]));
  return bySeq.size === 0 ? {} : { [own]: [...bySeq.values()].sort((a, b) => a.seq - b.seq) };
}

/** `POST /v1/commands` */
export async function postCommands(context: Context, { request }: Call): Promise<Response> {
  const { account } = await context.authority.member(request);
  const body = await bodyObject(context, request);
  requireKnown(body, ['commands']);
  const raw = objectsOf(body, 'commands', context.limits.commands);
  const commands = raw.map((one, index) => ownCommand(context, one, account, index));
  context.commandRate.take(account, commands.length);
  const decisions = await Promise.all(commands.map((command) => context.decide(command)));
  for (const one of decisions) noteRefusal(context, one);
  const results = commands.map(({ id }, index) => resultOf(id, decisions[index] as Decision));
  return json({ now: context.clock.now(), results, facts: ownFacts(decisions, account) });
}

/** `GET /v1/verdicts?ids=a,b`: those that are known and the member's own. */
export async function getVerdicts(context: Context, { request, url }: Call): Promise<Response> {
  const { account } = await context.authority.member(request);
  const ids = (url.searchParams.get('ids') ?? '').split(',').filter((id) => id !== '');
  if (ids.length === 0 || ids.length > 200) {
    throw new HttpError(400, 'out-of-range', "'ids' names 1 to 200 commands.", { path: '/ids' });
  }
  const rows = await context.store.query<{ verdict: string }>(
    `select verdict from souk.verdicts
     where tenant = $1 and account = $2 and id in (select json_array_elements_text($3::text::json)) order by id`,
    [context.tenant, account, JSON.stringify(ids)],
  );
  return json({ now: context.clock.now(), verdicts: rows.map(({ verdict }) => JSON.parse(verdict) as Verdict) });
}
