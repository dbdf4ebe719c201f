// SPDX-License-Identifier: MIT
// What to do next, whatever happened before. Handlers only write down what they learned; the order of work is decided here alone.
import { batchOf, leavingBytes, sizeOf, type Effect, type Moment, type State, type Step } from './state.js';

/** Deletions come first: they make room, and nothing is read while something answered for still lies on the disk. */
function toDisk(state: State, now: number): Step {
  if (state.commit) return [state, []];
  if (state.done.length > 0 && now >= state.notBefore && !state.away) {
    const commit = { add: [], remove: state.done, counts: state.counts };
    return [{ ...state, commit, done: [], counts: {} }, [{ do: 'commit', commit, last: state.away }]];
  }
  if (state.memory.length > 0 && now >= state.diskBadUntil) {
    // A page that is being left has no time to count.
    const [counts, kept] = state.away ? [{}, state.counts] : [state.counts, {}];
    const commit = { add: state.memory, remove: [], counts };
    return [{ ...state, commit, memory: [], counts: kept }, [{ do: 'commit', commit, last: state.away }]];
  }
  return [state, []];
}

/** One page of an origin sends what is on the disk; each asks to be the one as soon as the disk works. */
function askForLease(state: State, now: number): Step {
  if (state.role !== 'none' || now < state.diskBadUntil) return [state, []];
  return [{ ...state, role: 'asking' }, [{ do: 'acquire', steal: false }]];
}

/** Reads a batch from the disk, or sends what the disk would not take; in turn where there is both. */
function toReceiver(state: State, now: number): Step {
  if (state.sending || now < state.notBefore) return [state, []];
  const { lease } = state;
  const disk = lease && state.stocked && state.done.length === 0 && !state.commit?.remove.length ? lease : undefined;
  const memory = state.memory.length > 0 && now < state.diskBadUntil;
  if (disk && !(memory && state.memoryNext)) {
    const sending = { request: state.requests + 1, from: 'disk', entries: [], leaving: 0 } as const;
    return [
      { ...state, sending, requests: state.requests + 1, memoryNext: true },
      [{ do: 'read', request: sending.request, lease: disk, count: state.batchCount, bytes: state.batchBytes }],
    ];
  }
  if (!memory) return [state, []];
  const entries = batchOf(state.memory, state.batchCount, state.batchBytes);
  const rest = {
    ...state,
    memory: state.memory.slice(entries.length),
    memoryNext: false,
    requests: state.requests + 1,
  };
  const [sent, effects] = post(rest, 'memory', entries);
  // Nobody knows when the disk will take them: whoever awaits them is told now.
  return [sent, [{ do: 'settle', ids: entries.map(({ id }) => id), outcome: 'held' }, ...effects]];
}

/**
 * Sends a batch. Small first attempts outlive the page; retries do not ask for that, because a browser refuses such a request at once when
 * the shop's own have used up the quota.
 */
export function post(state: State, from: 'disk' | 'memory', entries: State['memory']): Step {
  const request = state.requests;
  const size = sizeOf(entries);
  const leaving = state.attempt === 0 && size <= leavingBytes;
  const sending = { request, from, entries, leaving: leaving ? size : 0 };
  const lease = from === 'disk' ? state.lease : undefined;
  return [{ ...state, sending }, [{ do: 'post', request, entries, lease, leaving }]];
}

/** The next instant at which time alone changes something. */
function alarm(state: State, now: number): readonly Effect[] {
  const instants: number[] = [];
  const stock = (state.lease && state.stocked) || state.done.length > 0 || state.memory.length > 0;
  if (stock && !state.sending && state.notBefore > now) instants.push(state.notBefore);
  const needsDisk = state.memory.length > 0 || state.role === 'none';
  if (needsDisk && state.diskBadUntil > now) instants.push(state.diskBadUntil);
  return instants.length > 0 ? [{ do: 'sleep', ms: Math.min(...instants) - now }] : [];
}

/** All work that the state allows now. */
export function pump(state: State, { now }: Moment): Step {
  if (state.consent !== 'granted') return [state, []];
  if (state.away) return toDisk(state, now);
  const effects: Effect[] = [];
  let current = state;
  for (const work of [toDisk, askForLease, toReceiver]) {
    const [next, more] = work(current, now);
    current = next;
    effects.push(...more);
  }
  return [current, [...effects, ...alarm(current, now)]];
}

/** Whether this page has written all it has and, where the sending is its own affair, sent or tried to send all there is. */
export function isQuiet(state: State, now: number): boolean {
  if (state.consent !== 'granted' || state.away) return true;
  const settled = state.role === 'sender' || state.follower || state.diskBadUntil > now;
  if (!settled || state.commit || state.sending) return false;
  const left = state.memory.length > 0 || state.done.length > 0 || (state.lease !== undefined && state.stocked);
  return !left || (state.attempt > 0 && state.notBefore > now);
}
