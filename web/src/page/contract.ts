// SPDX-License-Identifier: MIT
// What page and collector say to each other about a member's own account, and about teams.
import type { Command, Fact, TeamView, Verdict } from '../generated/protocol.js';

/** A command of an account, as its page gives it: author and instant are the collector's to set. */
export type PageCommand = Command extends infer Each
  ? Each extends Command & { readonly account: string }
    ? Omit<Each, 'author' | 'at'>
    : never
  : never;

/** One result of `POST /v1/commands`. */
export interface CommandResult {
  readonly id: string;
  readonly verdict?: Verdict;
  /** The command could not be decided at all. */
  readonly error?: { readonly code: string; readonly path: string; readonly message: string };
}

/** The answer to `POST /v1/commands`. */
export interface CommandsAnswer {
  /** The collector's clock, milliseconds since 1970. */
  readonly now: number;
  readonly results: readonly CommandResult[];
  readonly facts: Readonly<Record<string, readonly Fact[]>>;
}

/** The answer to `GET /v1/streams/{kind}/{id}`: facts after a sequence number, or a snapshot in place of the old ones. */
export interface StreamAnswer {
  readonly now: number;
  /** Where the answer ends. */
  readonly seq: number;
  /** Hash of the stream's facts up to there. */
  readonly head?: string;
  readonly snapshot?: string;
  readonly facts?: readonly Fact[];
  /** The facts that were known are not the collector's: this answer begins anew. */
  readonly forked?: boolean;
  /** The stream goes on beyond this answer. */
  readonly more?: boolean;
}

/** A place in a stream: how far it is known, and the hash of its facts up to there where the collector has told it. */
export interface Position {
  readonly seq: number;
  readonly head?: string | undefined;
}

/** The answer to `GET /v1/streams/team/{id}`: a team as everybody may see it. */
export interface TeamStreamAnswer {
  readonly now: number;
  readonly seq: number;
  readonly team: TeamView;
}

/**
 * Why the collector's present is not known.
 *
 * - `offline`: nobody answered; it is tried again.
 * - `busy`: the collector asked to wait.
 * - `signed-out`: the token was refused; it is tried again with the next one.
 * - `needs-backend`: there is no collector at the endpoint.
 * - `unknown`: the collector knows nothing of that id, so far.
 */
export type UnansweredReason = 'offline' | 'busy' | 'signed-out' | 'needs-backend' | 'unknown';

/**
 * Why a command has no verdict yet.
 *
 * - `sending`: it is on its way.
 * - `offline`: nobody answered; it is tried again.
 * - `busy`: the collector asked to wait.
 * - `signed-out`: the token was refused; it is tried again with the next one.
 * - `needs-backend`: there is no collector at the endpoint; points, teams and coupons cannot become real here.
 * - `not-kept`: as `offline`, and the browser refused to store it: it is lost when the page is left.
 */
export type WaitingReason = 'sending' | 'not-kept' | Exclude<UnansweredReason, 'unknown'>;

/** Where a command stands. Nothing is pending in silence. */
export type CommandState =
  | { readonly id: string; readonly state: 'waiting'; readonly reason: WaitingReason }
  | { readonly id: string; readonly state: 'accepted'; readonly verdict: Verdict }
  | { readonly id: string; readonly state: 'refused'; readonly verdict: Verdict };

/** What should not happen and did; for the shop's log. */
export interface PageLogEntry {
  /**
   * - `history-forked`: the collector's facts are not those that this page knew, such as after its database was restored from a backup; the page
   *   began anew with the collector's. Commands that waited still wait.
   * - `older-program`: a collector answered a program that another one has replaced; the newer one stays.
   */
  readonly code: 'history-forked' | 'older-program';
  /** The stream, where it is about one. */
  readonly stream?: string;
}
