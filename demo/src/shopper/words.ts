// SPDX-License-Identifier: MIT
/** What happened, in plain words. */
import type { Fact } from 'souk';
import { count, money } from '../page/words.js';
import type { Payment } from '../together/contract.js';

/** A line in the list of what happened. */
export interface Happening {
  readonly mood: 'good' | 'back' | 'plain';
  readonly text: string;
}

const kReasons: Readonly<Record<string, string>> = {
  full: 'Somebody else was a moment faster: the last seat was gone.',
  late: 'The team was complete a moment before.',
  'team-failed': 'The time ran out before the team was complete.',
  'team-cancelled': 'The team was stopped.',
  left: 'You left the team.',
  'sold-out': 'There was nothing left to sell.',
  'already-member': 'You had a seat in this team already.',
  'shopper-limit': 'One seat for each shopper.',
  'no-team': 'There was no such team.',
};

/** Why a payment went back. */
export const refundWords = (reason: string): string => kReasons[reason] ?? 'The seat could not be given.';

function ofTeam(fact: Fact): Happening | null {
  if (fact.kind === 'team-started') return { mood: 'plain', text: 'You started a team.' };
  if (fact.kind === 'seat-taken')
    return { mood: 'good', text: `You paid ${money(fact.payment.amount)} and have a seat.` };
  if (fact.kind === 'fulfilment-released')
    return { mood: 'good', text: 'The team is complete: your order is on its way.' };
  if (fact.kind !== 'payment-refunded') return null;
  return { mood: 'back', text: `${refundWords(fact.reason)} ${money(fact.payment.amount)} went back to you.` };
}

function ofInvitation(fact: Fact): Happening | null {
  if (fact.kind === 'code-made') return { mood: 'plain', text: 'You have an invitation code.' };
  if (fact.kind === 'invitation-accepted') return { mood: 'good', text: 'You accepted an invitation.' };
  if (fact.kind === 'invitee-accepted') return { mood: 'good', text: 'Your friend accepted your invitation.' };
  if (fact.kind !== 'invitee-settled' || fact.phase !== 'rewarded') return null;
  return { mood: 'good', text: 'Your friend’s first order arrived.' };
}

function ofPoints(fact: Fact): Happening | null {
  if (fact.kind === 'order-paid') return { mood: 'plain', text: 'You paid for an order.' };
  if (fact.kind === 'order-awarded' && fact.points)
    return { mood: 'good', text: `Your parcel arrived: ${count(fact.points.points, 'point')}, on hold for 14 days.` };
  if (fact.kind === 'points-granted')
    return { mood: 'good', text: `${count(fact.points.points, 'point')} as a thank-you, on hold for 14 days.` };
  if (fact.kind === 'points-redeemed') {
    const points = fact.parts.reduce((sum, part) => sum + part.points, 0);
    return { mood: 'plain', text: `You spent ${count(points, 'point')}.` };
  }
  if (fact.kind === 'time-passed') return { mood: 'good', text: 'The hold is over: your points can be spent.' };
  if (fact.kind === 'level-changed' && fact.from !== '') return { mood: 'good', text: `You are now “${fact.to}”.` };
  return null;
}

/** A fact of one's own account as its owner would tell it; null where nothing is to be told. */
export function happening(fact: Fact): Happening | null {
  return ofTeam(fact) ?? ofInvitation(fact) ?? ofPoints(fact);
}

/** Where a payment stands. */
export function fateWords({ kind, fate, received_at: received }: Payment): string {
  if (fate === 'refunded') return 'went back';
  if (received !== null) return 'arrived';
  if (fate === 'released') return 'on its way to you';
  if (fate === 'seated') return 'held until the team is complete';
  return kind === 'alone' ? 'paid' : 'being decided';
}

/** Why something has no answer yet. */
export const kWaiting: Readonly<Record<string, string>> = {
  sending: 'Asking the shop…',
  offline: 'No answer. Asking again by itself; the request has a number, so nothing is done twice.',
  busy: 'The shop is busy. Asking again by itself.',
  'signed-out': 'Signing in again.',
  'needs-backend': 'There is no shop behind this page.',
  'not-kept': 'Waiting for an answer: keep this page open.',
};
