// SPDX-License-Identifier: MIT
// What page and collector say to each other about a member's own account.
import type { Command, Fact, Verdict } from '../generated/protocol.js';

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
  readonly seq: number;
  readonly snapshot?: string;
  readonly facts?: readonly Fact[];
}

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
export type WaitingReason = 'sending' | 'offline' | 'busy' | 'signed-out' | 'needs-backend' | 'not-kept';

/** Where a command stands. Nothing is pending in silence. */
export type CommandState =
  | { readonly id: string; readonly state: 'waiting'; readonly reason: WaitingReason }
  | { readonly id: string; readonly state: 'accepted'; readonly verdict: Verdict }
  | { readonly id: string; readonly state: 'refused'; readonly verdict: Verdict };
