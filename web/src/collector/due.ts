// SPDX-License-Identifier: MIT
// The due timer: when the instant comes that a stream named, its kind's due command is given. It knows nothing but the database, so a restart
// loses nothing; its ids follow from stream and instant, so two collectors that notice the same instant give one command.
import type { Clock } from './clock.js';
import type { Ids } from './ids.js';
import type { Store } from './store/sql.js';
import type { Decision } from './decide.js';
import type { UndatedCommand } from './streams.js';

const atOnce = 200;

interface DueRow {
  readonly stream: string;
  readonly seq: number;
  readonly next_due: number;
}

/** What the timer needs. */
export interface DueOptions {
  readonly store: Store;
  readonly tenant: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly decide: (command: UndatedCommand) => Promise<Decision>;
}

/** The command that brings a stream to the present. */
function dueCommand(stream: string, id: string): UndatedCommand {
  const head = { id, author: 'clock' } as const;
  const [kind, name = ''] = stream.split('/');
  if (kind === 'team') return { kind: 'team-due', ...head, team: name };
  if (kind === 'pool') return { kind: 'pool-due', ...head, pool: name };
  return { kind: 'due', ...head, account: name };
}

async function give({ ids, decide }: DueOptions, { stream, seq, next_due: instant }: DueRow): Promise<boolean> {
  const decision = await decide(dueCommand(stream, await ids.make('due', stream, instant, seq)));
  return 'verdict' in decision && decision.verdict.outcome === 'accepted' && !decision.repeated;
}

/** Gives the commands whose instant has come; true where there may be more at once. */
export async function givePassed(on: DueOptions): Promise<boolean> {
  const rows = await on.store.query<DueRow>(
    `select stream, seq, next_due from souk.streams where tenant = $1 and next_due <= $2 order by next_due limit ${atOnce}`,
    [on.tenant, on.clock.now()],
  );
  const given = await Promise.all(rows.map((row) => give(on, row)));
  return given.includes(true); // bringing a stream to one instant may have uncovered the next
}
