// SPDX-License-Identifier: MIT
// What an answer of the receiver means, and how long to wait after none.
import { addCounts, limits, sizeOf, type Answer, type Moment, type Sending, type State, type Step } from './state.js';

/** Statuses that blame the batch: one of its events, or its size. */
const blamesBatch: readonly number[] = [400, 413, 422];

/** Nothing was delivered: full jitter under a doubling ceiling, the receiver's own wish above it, and a budget for quick retries. */
export function backOff(state: State, { now, random }: Moment, retryAfter?: number): Step {
  const ceiling = Math.min(limits.backoffCap, limits.backoffBase * 2 ** state.attempt);
  const poor = state.budget < 1;
  const delay = retryAfter ?? (poor ? limits.backoffCap * (1 + random) : ceiling * random);
  const waiting = {
    ...state,
    attempt: Math.min(state.attempt + 1, 16),
    budget: Math.max(0, state.budget - 1),
    notBefore: now + delay,
    told: retryAfter !== undefined,
  };
  return [waiting, retryAfter === undefined ? [] : [{ do: 'defer', ms: retryAfter }]];
}

/** Entries are answered for: they leave the outbox, and other tabs hear of it. */
function leave(state: State, sending: Sending, ids: readonly string[], counts: State['counts']): Step {
  if (ids.length === 0) return [state, []];
  const gone = new Set(ids);
  const next = {
    ...state,
    counts: addCounts(state.counts, counts),
    recent: state.recent.filter(({ id }) => !gone.has(id)),
    done: sending.from === 'disk' ? [...state.done, ...ids] : state.done,
  };
  return [next, [{ do: 'say', message: { say: 'gone', ids } }]];
}

/** Entries of the memory go back there; those of the disk never left it. */
function keep(state: State, sending: Sending, gone: readonly string[]): State {
  if (sending.from === 'disk') return state;
  const kept = sending.entries.filter(({ id }) => !gone.includes(id));
  return { ...state, memory: [...kept, ...state.memory] };
}

function delivered(state: State, sending: Sending, answer: Answer, moment: Moment): Step {
  const sent = sending.entries.map(({ id }) => id);
  const rejected = sent.filter((id) => answer.rejected?.includes(id));
  const taken = answer.accepted ? sent.filter((id) => answer.accepted?.includes(id) && !rejected.includes(id)) : sent;
  const gone = [...taken, ...rejected];
  const counts = rejected.length > 0 ? { rejected: rejected.length } : {};
  const [left, effects] = leave(keep(state, sending, gone), sending, gone, counts);
  if (gone.length < sent.length) {
    const [waiting, more] = backOff(left, moment, answer.retryAfter);
    return [waiting, [...effects, ...more]];
  }
  return [{ ...eased(left), batchCount: Math.min(limits.batchCount, left.batchCount * 2) }, effects];
}

/** After a success: quick again, and a tenth of a retry richer. */
function eased(state: State): State {
  return { ...state, attempt: 0, told: false, budget: Math.min(limits.retries, state.budget + 0.1) };
}

/** Halves the batch until one event stands alone; that one is dropped. */
function split(state: State, sending: Sending, status: number): Step {
  const { entries } = sending;
  const [only] = entries;
  if (only && entries.length === 1) {
    const [left, effects] = leave(state, sending, [only.id], { refused: 1 });
    return [left, effects];
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
