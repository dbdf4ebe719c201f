// SPDX-License-Identifier: MIT
// What an answer of the receiver means, and how long to wait after none.
import {
  count,
  backOffBaseMs,
  backOffCapMs,
  batchCount,
  quickRetries,
  sizeOf,
  type Answer,
  type Gone,
  type Moment,
  type Sending,
  type State,
  type Step,
} from './state.js';

/** Statuses that blame the batch: one of its events, or its size. */
const blamesBatch: readonly number[] = [400, 413, 422];

/** Nothing was delivered: full jitter under a doubling ceiling, the receiver's own wish above it, and a budget for quick retries. */
export function backOff(state: State, { now, random }: Moment, retryAfter?: number): Step {
  const ceiling = Math.min(backOffCapMs, backOffBaseMs * 2 ** state.attempt);
  const poor = state.budget < 1;
  const delay = retryAfter ?? (poor ? backOffCapMs * (1 + random) : ceiling * random);
  const waiting = {
    ...state,
    attempt: Math.min(state.attempt + 1, 16),
    budget: Math.max(0, state.budget - 1),
    notBefore: now + delay,
    told: retryAfter !== undefined,
  };
  return [waiting, retryAfter === undefined ? [] : [{ do: 'defer', ms: retryAfter }]];
}

/** Events are answered for: they leave the outbox, and other tabs hear of it. */
function leave(state: State, sending: Sending, gone: readonly Gone[]): Step {
  if (gone.length === 0) return [state, []];
  const ids = gone.map(({ id }) => id);
  const recent = state.recent.filter(({ id }) => !ids.includes(id));
  const effects = [{ do: 'say', message: { say: 'gone', ids } }] as const;
  if (sending.from === 'disk') return [{ ...state, recent, done: [...state.done, ...gone] }, effects];
  const counts = gone.reduce((sum, { reason }) => (reason ? count(sum, reason) : sum), state.counts);
  return [{ ...state, recent, counts }, effects];
}

/** Entries of the memory go back there; those of the disk never left it. */
function keep(state: State, sending: Sending, gone: readonly Gone[]): State {
  if (sending.from === 'disk') return state;
  const kept = sending.entries.filter((entry) => !gone.some(({ id }) => id === entry.id));
  return { ...state, memory: [...kept, ...state.memory] };
}

function delivered(state: State, sending: Sending, answer: Answer, moment: Moment): Step {
  const sent = sending.entries.map(({ id }) => id);
  const gone = sent.flatMap((id): Gone[] => {
    if (answer.rejected?.includes(id)) return [{ id, reason: 'rejected' }];
    return !answer.accepted || answer.accepted.includes(id) ? [{ id }] : [];
  });
  const [left, effects] = leave(keep(state, sending, gone), sending, gone);
  if (gone.length < sent.length) {
    const [waiting, more] = backOff(left, moment, answer.retryAfter);
    return [waiting, [...effects, ...more]];
  }
  return [{ ...eased(left), batchCount: Math.min(batchCount, left.batchCount * 2) }, effects];
}

/** After a success: quick again, and a tenth of a retry richer. */
function eased(state: State): State {
  return { ...state, attempt: 0, told: false, budget: Math.min(quickRetries, state.budget + 0.1) };
}

/** Halves the batch until one event stands alone; that one is dropped. */
function split(state: State, sending: Sending, status: number): Step {
  const { entries } = sending;
  const [only] = entries;
  if (only && entries.length === 1) {
    return leave(state, sending, [{ id: only.id, reason: 'refused' }]);
  }
  const kept = keep(state, sending, []);
  const half = { ...kept, batchCount: Math.max(1, entries.length >> 1) };
  // A size that was refused once is not tried again; an event that was refused says nothing about the next batch.
  return [status === 413 ? { ...half, batchBytes: Math.max(1, sizeOf(entries) >> 1) } : half, []];
}

/** A later sender was seen: this page stops, and asks for its turn anew. */
function fenced(state: State, moment: Moment): Step {
  const [waiting] = backOff(state, moment);
  return [{ ...waiting, role: 'none', lease: undefined }, [{ do: 'release' }]];
}

/** Takes an answer in. */
export function onAnswer(state: State, request: number, answer: Answer, moment: Moment): Step {
  const { sending } = state;
  if (sending?.request !== request) return [state, []];
  const idle = { ...state, sending: undefined };
  const { status } = answer;
  if (status >= 200 && status < 300) return delivered(idle, sending, answer, moment);
  if (blamesBatch.includes(status)) return split(idle, sending, status);
  if (answer.fenced && sending.from === 'disk') return fenced(idle, moment);
  return backOff(keep(idle, sending, []), moment, answer.retryAfter);
}
