// SPDX-License-Identifier: MIT
// One seed: a minute of shoppers, tabs and faults, then fair weather and one fresh page; and what must be true after it.
import { addCounts, eventBytes, type Consent, type Counts } from '../../web/src/reporter/state.js';
import type { Bug } from './disk.js';
import { fairWeather } from './receiver.js';
import { World, type Page } from './world.js';

/** After the weather cleared, a fresh page has so long to deliver all that was stored, milliseconds: time to find every culprit. */
const grace = 300_000;

type Act = (world: World, page: Page, number: number) => void;

function track(world: World, page: Page, number: number): void {
  const kind = world.chance.odds(world.poison) ? world.chance.pick(['poison', 'reject']) : 'good';
  const size = world.chance.odds(0.01) ? eventBytes + 1 : world.chance.whole(200, 3000);
  const denied = page.state.consent === 'denied' ? 'denied' : 'open';
  world.track(page, { id: `${kind}-${number}`, text: `${denied} ${number}`, size });
}

const burst: Act = (world, page, number) => {
  const many = world.chance.whole(1, 12);
  for (let index = 0; index < many; index += 1) track(world, page, number * 100 + index);
};

const changeWeather: Act = ({ receiver, chance }) => {
  const some = () => chance.pick([0, 0, 0.2, 0.9]);
  receiver.weather = {
    loseRequest: chance.pick([0, 0, 0.3, 1]),
    loseAnswer: some(),
    busy: some(),
    tooMany: some(),
    partial: chance.pick([0, 0, 0.3]),
    byStatus: chance.odds(0.3),
    most: chance.pick([Infinity, Infinity, 8000]),
  };
};

/** A link is followed: the page hides and is gone, another opens. */
const leave: Act = (world, page) => {
  world.tell(page, { type: 'hide' });
  world.agenda.after(world.chance.whole(0, 30), () => world.crash(page));
  world.open(page.state.consent);
};

const backAndForth: Act = (world, page) => {
  world.tell(page, { type: 'hide' });
  world.agenda.after(world.chance.whole(1, 5000), () => world.tell(page, { type: 'show' }));
};

const nap: Act = (world, page) => {
  world.freeze(page);
  world.agenda.after(world.chance.whole(100, 30_000), () => world.thaw(page));
};

const diskTrouble: Act = ({ disk, chance, agenda }) => {
  const what = chance.pick(['full', 'refuses'] as const);
  disk[what] = true;
  agenda.after(chance.whole(10, 20_000), () => (disk[what] = false));
};

const consents: readonly Consent[] = ['granted', 'granted', 'pending', 'denied'];

/** How often each act is chosen, and what it is. */
const acts: readonly (readonly [number, Act])[] = [
  [40, burst],
  [8, changeWeather],
  [5, (world, page) => world.crash(page)],
  [5, leave],
  [3, backAndForth],
  [4, nap],
  [5, (world) => void world.open('granted')],
  [3, diskTrouble],
  [2, (world) => (world.diskFaults = world.chance.pick([0, 0, 0.2]))],
  [1, (world, page) => world.setConsent(page, world.chance.pick(consents))],
  [3, (world) => (world.wallOffset += world.chance.whole(-1e12, 1e12))],
  [3, (world, page) => world.tell(page, { type: world.chance.pick(['flush', 'online']) })],
];
const weights = acts.reduce((sum, [weight]) => sum + weight, 0);

function choose(world: World): Act {
  let left = world.chance.unit() * weights;
  for (const [weight, act] of acts) if ((left -= weight) < 0) return act;
  return burst;
}

function live(world: World): void {
  const most = world.chance.odds(0.03) ? 20 : world.chance.whole(1, 4);
  for (let index = 0; index < most; index += 1) world.open('granted');
  const steps = world.chance.whole(5, 60);
  for (let step = 0; step < steps; step += 1) {
    world.agenda.runUntil(world.agenda.now + world.chance.whole(0, 2000));
    const awake = world.awake();
    if (awake.length === 0) world.open('granted');
    else if (awake.length < 24) choose(world)(world, world.chance.pick(awake), step);
    else world.crash(world.chance.pick(awake));
  }
}

/** The weather clears; all pages but frozen ones close; one opens. */
function heal(world: World): void {
  world.receiver.weather = { ...fairWeather };
  world.disk.full = world.disk.refuses = false;
  world.diskFaults = 0;
  // Half of the stories end with a page that sleeps on the lock.
  const sleeper = world.chance.odds(0.5) ? world.awake()[0] : undefined;
  if (sleeper) world.freeze(sleeper);
  for (const page of world.awake()) world.crash(page);
  for (const page of world.pages) if (page.frozen && page !== sleeper) world.crash(page);
  world.agenda.runUntil(world.agenda.now + 2000);
  const consent = world.denials > 0 ? 'denied' : 'granted';
  const last = world.open('granted');
  if (consent === 'denied') world.setConsent(last, 'denied');
  world.agenda.runUntil(world.agenda.now + grace, () => world.disk.events.size === 0 && world.agenda.now > 0);
  world.agenda.runUntil(world.agenda.now + 4000);
}

const sum = (counts: Counts): string => JSON.stringify(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));

function checkDelivery(world: World): string[] {
  const wrong: string[] = [];
  const { applied } = world.receiver;
  for (const [text, times] of applied) {
    if (times > 1) wrong.push(`'${text}' took effect ${times} times`);
    if (text.startsWith('denied')) wrong.push(`'${text}' was sent against the shopper's will`);
  }
  if (world.disk.events.size > 0) wrong.push(`${world.disk.events.size} events are left in the outbox`);
  if (world.denials > 0) return wrong;
  for (const [id, outcome] of world.outcomes) {
    const text = `open ${id.split('-')[1] ?? ''}`;
    if (outcome === 'stored' && id.startsWith('good') && !applied.has(text)) wrong.push(`${id} was stored and is lost`);
  }
  return wrong;
}

/** Requests per id: the first, one for each that was not answered for, and one for each takeover and each page left. */
function checkRequests(world: World): string[] {
  return [...world.receiver.requests]
    .filter(([id, times]) => times > 1 + (world.excuses.get(id) ?? 0) + world.raises)
    .map(
      ([id, times]) =>
        `${id} was in ${times} requests, with ${world.excuses.get(id) ?? 0} excuses, ${world.raises} takeovers`,
    );
}

/** Drops by the shop's own tally equal those of the outbox, those still in memory and those that died with a page. */
function checkCounts(world: World): string[] {
  const { disk } = world;
  let known = addCounts(addCounts(disk.dropped, disk.erased), world.lostCounts);
  for (const page of world.pages.filter(({ alive }) => alive)) {
    const { counts, commit } = page.state;
    known = addCounts(known, counts);
    if (commit && world.transactions.get(commit) !== 'done') known = addCounts(known, commit.counts);
  }
  const { refused = 0, rejected = 0, ...rest } = known;
  const wrong = sum(rest) === sum(world.told) ? [] : [`drops ${sum(rest)}, told ${sum(world.told)}`];
  if (world.denials > 0) return wrong;
  // A page that dies may have written an event without a word, or have sent one from its memory.
  const bad = [...world.outcomes].filter(([id]) => !id.startsWith('good')).map(([, outcome]) => outcome);
  const least = bad.filter((outcome) => outcome === 'stored').length;
  const most = bad.filter((outcome) => ['stored', 'held', 'waiting'].includes(outcome)).length;
  const counted = refused + rejected;
  if (counted < least || counted > most) wrong.push(`${counted} refusals counted, ${least} to ${most} happened`);
  return wrong;
}

/** What was wrong with one seed; empty: nothing. */
export function play(seed: number, bugs: readonly Bug[] = []): readonly string[] {
  const world = new World(seed, new Set(bugs));
  world.locksWork = world.chance.odds(0.9);
  live(world);
  heal(world);
  return [...world.receiver.violations, ...checkDelivery(world), ...checkRequests(world), ...checkCounts(world)].map(
    (what) => `seed ${seed}: ${what}`,
  );
}
