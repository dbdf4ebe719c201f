// SPDX-License-Identifier: MIT
// The reporter as a pure function: `reduce(state, input, moment) → [state, effects]`. No clock, storage, network or chance of its own, so
// that tabs, crashes and networks can be simulated by the hundred thousand.
import { backOff, onAnswer } from './answers.js';
import { post, pump } from './pump.js';
import {
  addCounts,
  count,
  backOffBaseMs,
  diskPauseMs,
  eventBytes,
  gatherMs,
  leavingBytes,
  memoryBytes,
  watchMs,
  sizeOf,
  type Consent,
  type DropReason,
  type Effect,
  type Entry,
  type Gone,
  type Input,
  type Message,
  type Moment,
  type State,
  type Step,
  within,
} from './state.js';

const idsOf = (entries: readonly Entry[]): readonly string[] => entries.map(({ id }) => id);
const settle = (ids: readonly string[], outcome: Extract<Effect, { do: 'settle' }>['outcome']): readonly Effect[] =>
  ids.length > 0 ? [{ do: 'settle', ids, outcome }] : [];
const say = (message: Message): Effect => ({ do: 'say', message });

function drop(state: State, id: string, reason: DropReason): Step {
  return [{ ...state, counts: count(state.counts, reason) }, settle([id], reason)];
}

/** Consent was taken back. */
function dropAll(state: State, entries: readonly Entry[]): Step {
  return [{ ...state, counts: count(state.counts, 'consent', entries.length) }, settle(idsOf(entries), 'consent')];
}

function onTrack(state: State, entry: Entry, { now }: Moment): Step {
  if (state.consent === 'denied') return drop(state, entry.id, 'consent');
  if (entry.text === '') return drop(state, entry.id, 'no-json');
  if (entry.size > eventBytes) return drop(state, entry.id, 'too-large');
  if (sizeOf(state.memory) + entry.size > memoryBytes) return drop(state, entry.id, 'memory-full');
  return [
    { ...state, memory: [...state.memory, entry] },
    state.consent === 'pending' || now < state.diskBadUntil ? settle([entry.id], 'held') : [],
  ];
}

/** Events are sent together with those that follow within a moment, unless something is waited for anyway. */
function gather(state: State, { now }: Moment): State {
  const soon = !state.sending && now >= state.notBefore ? now + gatherMs : state.notBefore;
  return { ...state, stocked: true, notBefore: soon };
}

function onCommitted(state: State, full: readonly string[], moment: Moment): Step {
  const { commit } = state;
  if (!commit) return [state, []];
  const added = commit.add.filter(({ id }) => !full.includes(id));
  const next = { ...state, commit: undefined };
  const refused = settle(full, 'outbox-full');
  if (state.consent === 'denied') {
    const [dropped, more] = dropAll(next, added);
    return [dropped, [...refused, ...more]];
  }
  const effects = [...settle(idsOf(added), 'stored'), ...refused];
  if (added.length === 0) return [next, effects];
  const recent = within([...state.recent, ...added], Infinity, leavingBytes);
  if (!state.lease) effects.push(say({ say: 'wake' }));
  return [gather({ ...next, recent, diskBadUntil: 0 }, moment), effects];
}

/** The disk refused: the page keeps its events itself and sends them itself, until the disk takes them. */
function onCommitFailed(state: State, moment: Moment): Step {
  const { commit } = state;
  if (!commit) return [state, []];
  const { add, remove } = commit;
  const counts = addCounts(commit.counts, state.counts);
  if (state.consent === 'denied') return dropAll({ ...state, commit: undefined, counts }, add);
  const back = {
    ...state,
    commit: undefined,
    memory: [...add, ...state.memory],
    done: [...remove, ...state.done],
    counts,
  };
  if (remove.length > 0) return backOff(back, moment);
  return [{ ...back, diskBadUntil: moment.now + diskPauseMs }, settle(idsOf(back.memory), 'held')];
}

function onBatch(state: State, { request, entries, damaged }: Extract<Input, { type: 'batch' }>): Step {
  if (state.sending?.request !== request) return [state, []];
  const idle = {
    ...state,
    sending: undefined,
    done: [...state.done, ...damaged.map((id): Gone => ({ id, reason: 'damaged' }))],
  };
  if (!state.lease || damaged.length > 0) return [idle, []];
  return entries.length > 0 ? post(idle, 'disk', entries) : [{ ...idle, stocked: false }, []];
}

function onLost(state: State, failed: boolean, { now }: Moment): Step {
  const reading = state.sending?.from === 'disk' && state.sending.entries.length === 0;
  const next = {
    ...state,
    role: 'none',
    follower: false,
    lease: undefined,
    sending: reading ? undefined : state.sending,
    diskBadUntil: failed ? now + diskPauseMs : state.diskBadUntil,
  } as const;
  return [next, []];
}

function onHeard(state: State, message: Message, moment: Moment): Step {
  switch (message.say) {
    case 'wake':
      if (!state.lease) return [state, []];
      return [
        message.now ? hurry({ ...state, stocked: true }, moment) : gather(state, moment),
        [say({ say: 'alive' })],
      ];
    case 'ping':
      return [state, state.lease ? [say({ say: 'alive' })] : []];
    case 'alive':
      return [{ ...state, silence: 0, heard: true, follower: !state.lease }, []];
    case 'gone':
      return [{ ...state, recent: state.recent.filter(({ id }) => !message.ids.includes(id)) }, []];
    case 'consent':
      return onConsent(state, message.consent);
  }
}

/** A tab that was asleep itself must not take its own silence for the sender's. */
function onWatch(state: State, { now }: Moment): Step {
  const slept = now - state.watchedAt > 2.5 * watchMs;
  const quiet = { ...state, watchedAt: now, heard: false };
  if (state.role !== 'asking' || slept || state.heard) return [{ ...quiet, silence: 0 }, []];
  if (state.silence >= 2) return [{ ...quiet, silence: 0, follower: false }, [{ do: 'acquire', steal: true }]];
  return [{ ...quiet, silence: state.silence + 1 }, [say({ say: 'ping' })]];
}

/** Denial empties the memory and the disk; waiting keeps what is there and lets nothing out. */
function onConsent(state: State, consent: Consent): Step {
  if (consent === state.consent) return [state, []];
  if (consent !== 'denied') return [{ ...state, consent }, []];
  const dropped = [...state.memory, ...(state.sending?.from === 'memory' ? state.sending.entries : [])];
  const empty = { memory: [], done: [], recent: [], sending: undefined, lease: undefined, stocked: false } as const;
  const [next, settled] = dropAll({ ...state, ...empty, role: 'none', consent }, dropped);
  return [next, [{ do: 'erase' }, { do: 'release' }, ...settled]];
}

/** Sends now what may be sent now. */
function hurry(state: State, { now }: Moment): State {
  return state.attempt === 0 && !state.told ? { ...state, notBefore: now } : state;
}

function onOnline(state: State, { now, random }: Moment): Step {
  const sooner = Math.min(state.notBefore, now + random * backOffBaseMs);
  return [state.told ? state : { ...state, notBefore: sooner }, []];
}

function onFlush(state: State, moment: Moment): Step {
  return [hurry({ ...state, stocked: true }, moment), state.lease ? [] : [say({ say: 'wake', now: true })]];
}

/** The page is being left: what is not under way already goes out once more, and is deleted by nobody. */
function onHide(state: State): Step {
  const gone: State = { ...state, away: true, lease: undefined, role: 'none' };
  if (state.consent !== 'granted') return [gone, []];
  const flying = new Set(state.sending?.leaving ? idsOf(state.sending.entries) : []);
  const own = [...state.recent, ...(state.commit?.add ?? []), ...state.memory].filter(({ id }) => !flying.has(id));
  const room = leavingBytes - (state.sending?.leaving ?? 0);
  const entries = within(own, Infinity, room);
  const effects: Effect[] = entries.length > 0 ? [{ do: 'beacon', entries }] : [];
  return [gone, [...effects, { do: 'release' }]];
}

/** Back from the back-forward cache: nothing is known of what was under way, so the outbox is read again and sent by fetch. */
function onShow(state: State, moment: Moment): Step {
  if (!state.away) return [state, []];
  const { sending } = state;
  const memory = sending?.from === 'memory' ? [...sending.entries, ...state.memory] : state.memory;
  return [hurry({ ...state, memory, away: false, sending: undefined, stocked: true }, moment), []];
}

function onAcquired(state: State, { lease, wait }: Extract<Input, { type: 'acquired' }>, { now }: Moment): Step {
  if (state.away || state.consent !== 'granted') return [state, [{ do: 'release' }]];
  const waiting = wait > 0 ? { notBefore: now + wait, told: true } : {};
  return [
    { ...state, ...waiting, role: 'sender', follower: false, lease, stocked: true, silence: 0 },
    [say({ say: 'alive' })],
  ];
}

function onReadFailed(state: State, request: number, moment: Moment): Step {
  if (state.sending?.request !== request) return [state, []];
  return backOff({ ...state, sending: undefined }, moment);
}

function handle(state: State, input: Input, moment: Moment): Step {
  switch (input.type) {
    case 'start':
      return [{ ...state, watchedAt: moment.now }, []];
    case 'tick':
      return [state, []];
    case 'watch':
      return onWatch(state, moment);
    case 'flush':
      return onFlush(state, moment);
    case 'online':
      return onOnline(state, moment);
    case 'hide':
      return onHide(state);
    case 'show':
      return onShow(state, moment);
    case 'track':
      return onTrack(state, input.entry, moment);
    case 'consent':
      return onConsent(state, input.consent);
    case 'heard':
      return onHeard(state, input.message, moment);
    case 'committed':
      return onCommitted(state, input.full, moment);
    case 'commit-failed':
      return onCommitFailed(state, moment);
    case 'acquired':
      return onAcquired(state, input, moment);
    case 'lost':
      return onLost(state, input.failed === true, moment);
    case 'batch':
      return onBatch(state, input);
    case 'read-failed':
      return onReadFailed(state, input.request, moment);
    case 'answered':
      return onAnswer(state, input.request, input.answer, moment);
  }
}

/** One input: what it changes, then all work that the new state allows. */
export function reduce(state: State, input: Input, moment: Moment): Step {
  const [next, effects] = handle(state, input, moment);
  const [pumped, more] = pump(next, moment);
  return [pumped, [...effects, ...more]];
}
