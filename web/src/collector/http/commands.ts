// SPDX-License-Identifier: MIT
// Commands of members, and their verdicts.
import type { Fact, Verdict } from 'souk';
import type { Decision, Refusal } from '../decide.js';
import { withInviter } from '../invitations.js';
import type { UndatedCommand } from '../streams.js';
import { HttpError, json } from './answer.js';
import { type JsonObject, without } from './body.js';
import { bodyObject, type Call, type Context, noteRefusal, objectsOf, requireKnown } from './context.js';

/** The commands that members give; the engine's table names the author of each. An invitation code is asked for and drawn by the collector. */
const memberKinds: ReadonlySet<unknown> = new Set<UndatedCommand['kind']>([
  'redeem-points',
  'leave-team',
  'make-referral-code',
  'accept-invitation',
]);

/** What the collector sets, and the code that the log names when a page claims it. */
const claims = {
  at: 'claimed-instant',
  inviter: 'claimed-inviter',
  sameDevice: 'claimed-device',
  random: 'claimed-random',
} as const;

/** What a page claims and is not asked: named in the log, and set from the credential. The command without it. */
function withoutClaims({ log }: Context, command: JsonObject): JsonObject {
  const note = (code: string) => log('warn', 'claim-ignored', { route: '/v1/commands', code });
  if (command['author'] !== undefined && command['author'] !== 'shopper') note('claimed-author');
  return Object.entries(claims).reduce((rest, [name, code]) => {
    if (rest[name] === undefined) return rest;
    note(code);
    return without(rest, name);
  }, command);
}

/** The command with its author from the token and without what the collector sets; the engine checks all other fields. */
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
  const author = raw['kind'] === 'make-referral-code' ? 'commerce' : 'shopper';
  return { ...withoutClaims(context, raw), author } as unknown as UndatedCommand;
}

/** Decides what a member gave. */
async function decideOwn(context: Context, command: UndatedCommand): Promise<Decision> {
  if (!memberKinds.has(command.kind)) {
    return { error: { code: 'not-permitted', path: '/kind', message: 'Members do not give this command.' } };
  }
  if (command.kind !== 'accept-invitation') return context.decide(command);
  return context.decide(await withInviter(context, command), command);
}

type Result = { readonly id: string; readonly verdict: Verdict } | { readonly id: string; readonly error: Refusal };

/** A verdict as a member may see it: it names no other account, and no pool. */
function ownVerdict(verdict: Verdict, account: string): Verdict {
  const seqs = verdict.seqs.filter(({ stream }) => stream === `account/${account}` || stream.startsWith('team/'));
  return { ...verdict, seqs };
}

const resultOf = (id: string, decision: Decision, account: string): Result =>
  'verdict' in decision ? { id, verdict: ownVerdict(decision.verdict, account) } : { id, error: decision.error };

/** The facts of the member's own streams, by stream. */
function ownFacts(decisions: readonly Decision[], account: string): Record<string, Fact[]> {
  const own = `account/${account}`;
  const facts = decisions.flatMap((one) => ('verdict' in one ? one.facts : [])).filter(({ stream }) => stream === own);
  const bySeq = new Map(facts.map((fact) => [fact.seq, fact]));
  return bySeq.size === 0 ? {} : { [own]: [...bySeq.values()].sort((a, b) => a.seq - b.seq) };
}

/** `POST /v1/commands` */
export async function postCommands(context: Context, { request }: Call): Promise<Response> {
  const { account, anonymous } = await context.authority.member(request);
  const body = await bodyObject(context, request);
  requireKnown(body, ['commands']);
  const raw = objectsOf(body, 'commands', context.limits.commands);
  const commands = raw.map((one, index) => ownCommand(context, one, account, index));
  context.commandRate.take(account, commands.length);
  if (anonymous !== undefined) await context.seen(account, anonymous);
  const decisions = await Promise.all(commands.map((command) => decideOwn(context, command)));
  for (const one of decisions) noteRefusal(context, one);
  const results = commands.map(({ id }, index) => resultOf(id, decisions[index] as Decision, account));
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
  const verdicts = rows.map(({ verdict }) => ownVerdict(JSON.parse(verdict) as Verdict, account));
  return json({ now: context.clock.now(), verdicts });
}
