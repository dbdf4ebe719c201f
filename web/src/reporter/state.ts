// SPDX-License-Identifier: MIT
// What the reporter knows, hears and does, as plain values. `reduce` is the only place that turns one into the next; the runtime and the
// simulation of the tests both stand around it.

/** The shopper's answer to "may behaviour be sent?". */
export type Consent = 'granted' | 'denied' | 'pending';

/**
 * Why an event was dropped.
 *
 * - `consent`: consent was denied, or Global Privacy Control is on.
 * - `no-json`: the event cannot be written as JSON.
 * - `too-large`: one event above 32 KiB.
 * - `memory-full`: more than 1 MiB waits in this page for consent or for the disk.
 * - `outbox-full`: more than 1 MiB waits on the disk.
 * - `refused`: the receiver answered 400, 413 or 422 to this event alone.
 * - `rejected`: the receiver's answer names the event as rejected.
 * - `damaged`: what the outbox held was no event.
 */
export type DropReason =
  'consent' | 'no-json' | 'too-large' | 'memory-full' | 'outbox-full' | 'refused' | 'rejected' | 'damaged';

/** Dropped events by reason. */
export type Counts = Readonly<Partial<Record<DropReason, number>>>;

/** One event, ready to be sent. */
export interface Entry {
  /** The messageId: made once, before the event is written anywhere. */
  readonly id: string;
  /** The event as JSON, the anonymous id perhaps still missing. */
  readonly text: string;
  /** Bytes that it takes in the outbox and in a batch. */
  readonly size: number;
}

/** The right to send what is on the disk: only the highest epoch of a sender holds it. */
export interface Lease {
  readonly id: string;
  readonly epoch: number;
}

/** What a receiver answered; status 0: nobody answered. */
export interface Answer {
  readonly status: number;
  /** From Retry-After, milliseconds from now. */
  readonly retryAfter?: number;
  /** The receiver names what it took (Souk's collector); absent: the status speaks for all. */
  readonly accepted?: readonly string[];
  readonly rejected?: readonly string[];
  /** A later sender was seen: this one has to stop. */
  readonly fenced?: boolean;
}

/** What tabs of one origin say to each other. */
export type Message =
  | { readonly say: 'wake'; readonly now?: boolean }
  | { readonly say: 'ping' | 'alive' }
  | { readonly say: 'gone'; readonly ids: readonly string[] }
  | { readonly say: 'consent'; readonly consent: Consent };

/** What happened. */
export type Input =
  | { readonly type: 'start' | 'tick' | 'watch' | 'flush' | 'online' | 'hide' | 'show' }
  | { readonly type: 'track'; readonly entry: Entry }
  | { readonly type: 'consent'; readonly consent: Consent }
  | { readonly type: 'heard'; readonly message: Message }
  | { readonly type: 'committed'; readonly full: readonly string[] }
  | { readonly type: 'commit-failed' }
  | { readonly type: 'acquired'; readonly lease: Lease; readonly wait: number }
  | { readonly type: 'lost'; readonly failed?: boolean }
  | {
      readonly type: 'batch';
      readonly request: number;
      readonly entries: readonly Entry[];
      readonly damaged: readonly string[];
    }
  | { readonly type: 'read-failed'; readonly request: number }
  | { readonly type: 'answered'; readonly request: number; readonly answer: Answer };

/** When it happened, by a clock that never steps, and a random number in [0, 1). */
export interface Moment {
  readonly now: number;
  readonly random: number;
}

/** An event that was answered for. */
export interface Gone {
  readonly id: string;
  /** Absent: delivered. */
  readonly reason?: DropReason;
}

/** One transaction of the outbox: all of it happens, or nothing. */
export interface Commit {
  readonly add: readonly Entry[];
  /** A drop is counted by the transaction that finds the event, so that two senders never count it twice. */
  readonly remove: readonly Gone[];
  readonly counts: Counts;
}

/** What is to be done. */
export type Effect =
  | { readonly do: 'commit'; readonly commit: Commit; readonly last: boolean }
  | {
      readonly do: 'read';
      readonly request: number;
      readonly lease: Lease;
      readonly count: number;
      readonly bytes: number;
    }
  | {
      readonly do: 'post';
      readonly request: number;
      readonly entries: readonly Entry[];
      readonly lease?: Lease | undefined;
      readonly leaving: boolean;
    }
  | { readonly do: 'beacon'; readonly entries: readonly Entry[] }
  | { readonly do: 'acquire'; readonly steal: boolean }
  | { readonly do: 'release' | 'erase' }
  | { readonly do: 'defer' | 'sleep'; readonly ms: number }
  | { readonly do: 'say'; readonly message: Message }
  | { readonly do: 'settle'; readonly ids: readonly string[]; readonly outcome: Outcome };

/** What became of an event when `track()` resolved: on the disk, in this page's memory only, or dropped. */
export type Outcome = 'stored' | 'held' | DropReason;

/** What is under way to the receiver. */
export interface Sending {
  readonly request: number;
  readonly from: 'disk' | 'memory';
  readonly entries: readonly Entry[];
  /** Bytes that count against the browser's quota for requests that outlive the page. */
  readonly leaving: number;
}

/** All that the reporter of one page knows. */
export interface State {
  readonly consent: Consent;
  /** Events that only this page has: they await consent, the disk or an answer. */
  readonly memory: readonly Entry[];
  /** The transaction under way. */
  readonly commit: Commit | undefined;
  /** Events that were answered for and are still on the disk. */
  readonly done: readonly Gone[];
  /** Drops that are not on the disk yet. */
  readonly counts: Counts;
  /** Own events on the disk for which no answer is known: what a leaving page sends once more. At most 48 KB. */
  readonly recent: readonly Entry[];
  /** Until then the disk is not asked to take events. */
  readonly diskBadUntil: number;
  readonly role: 'none' | 'asking' | 'sender';
  readonly lease: Lease | undefined;
  /** Whether the disk may hold something to send. */
  readonly stocked: boolean;
  readonly sending: Sending | undefined;
  readonly requests: number;
  /** Nothing is sent before. */
  readonly notBefore: number;
  /** The receiver itself asked to wait: no event of the browser shortens it. */
  readonly told: boolean;
  readonly attempt: number;
  /** Retries that may still be made in quick succession; a delivered batch earns a tenth. */
  readonly budget: number;
  readonly batchCount: number;
  readonly batchBytes: number;
  /** Whose turn it is when both the disk and the memory have something. */
  readonly memoryNext: boolean;
  readonly away: boolean;
  /** Whether another page was heard to be the sender. */
  readonly follower: boolean;
  /** Unanswered questions to the sender, whether it spoke since the last watch, and when that was. */
  readonly silence: number;
  readonly heard: boolean;
  readonly watchedAt: number;
}

/** A new state and what it asks for, in order. */
export type Step = readonly [State, readonly Effect[]];

/** One event; Segment and RudderStack take no bigger one. */
export const eventBytes = 32_768;
/** What waits in memory, and what waits on the disk. */
export const memoryBytes = 1_048_576;
/** A batch; below Segment's 500 KB. */
export const batchBytes = 262_144;
/** Events of a batch. */
export const batchCount = 100;
/** In flight when the page is left; Chromium shares 64 KiB among all of a page's requests, and the shop has some of its own. */
export const leavingBytes = 49_152;
/** Events are gathered for so long before they are sent. */
export const gatherMs = 250;
/** The first ceiling of the delay after a failure; it doubles. */
export const backOffBaseMs = 1000;
/** The last ceiling. */
export const backOffCapMs = 60_000;
/** Retries in quick succession. */
export const quickRetries = 10;
/** A disk that failed is asked again after this time. */
export const diskPauseMs = 5000;
/** Tabs ask for a sign of life so often; three times in vain, and the sender is replaced. */
export const watchMs = 600;

/** A page that knows nothing yet. */
export function initialState(consent: Consent): State {
  return {
    consent,
    memory: [],
    commit: undefined,
    done: [],
    counts: {},
    recent: [],
    diskBadUntil: 0,
    role: 'none',
    lease: undefined,
    stocked: false,
    sending: undefined,
    requests: 0,
    notBefore: 0,
    told: false,
    attempt: 0,
    budget: quickRetries,
    batchCount,
    batchBytes,
    memoryNext: false,
    away: false,
    follower: false,
    silence: 0,
    heard: false,
    watchedAt: 0,
  };
}

/** Bytes of some entries together. */
export const sizeOf = (entries: readonly Entry[]): number => entries.reduce((sum, { size }) => sum + size, 0);

/** The first entries that fit. */
export function within(entries: readonly Entry[], count: number, bytes: number): readonly Entry[] {
  let sum = 0;
  let end = 0;
  while (end < entries.length && end < count && (sum += entries[end]?.size ?? 0) <= bytes) end += 1;
  return entries.slice(0, end);
}

/** A batch: the first entries that fit, or one that does not, so that there is progress. */
export function batchOf(entries: readonly Entry[], count: number, bytes: number): readonly Entry[] {
  return entries.slice(0, Math.max(within(entries, count, bytes).length, 1));
}

/** One more. */
export const count = (counts: Counts, reason: DropReason, more = 1): Counts =>
  more > 0 ? { ...counts, [reason]: (counts[reason] ?? 0) + more } : counts;

/** Two counts added. */
export function addCounts(left: Counts, right: Counts): Counts {
  return Object.entries(right).reduce((sum, [reason, more]) => count(sum, reason as DropReason, more), left);
}
