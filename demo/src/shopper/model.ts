// SPDX-License-Identifier: MIT
/** What one shopper's page knows, put together from the account, the team, the wallet and the facts. */
import type { Fact, LoyaltyView, TeamView } from 'souk';
import type { CommandState } from 'souk/page';
import type { Line, Payment, Report, Who } from '../together/contract.js';
import type { PaymentRequest } from './shop-client.js';

/** An invitation that the other shopper sent. */
export interface Message {
  readonly from: Who;
  readonly code: string;
}

export interface PaneModel {
  readonly who: Who;
  readonly line: Line;
  readonly view: LoyaltyView;
  readonly digest: { readonly seq: number; readonly digest: string };
  /** Commands without a verdict. */
  readonly waiting: readonly CommandState[];
  /** Payments without an answer. */
  readonly paying: readonly PaymentRequest[];
  /** Requests that brought no answer since the last that did. */
  readonly unansweredPays: number;
  readonly teamId: string;
  readonly team: TeamView | undefined;
  /** Milliseconds to the team's deadline. */
  readonly remaining: number;
  readonly payments: readonly Payment[];
  readonly facts: readonly Fact[];
  readonly message: Message | undefined;
  /** Why the last command was refused, if it was. */
  readonly refusal: string | undefined;
}

/** Whether the team still takes somebody. */
export const isOpen = ({ team, remaining }: PaneModel): boolean =>
  team?.phase === 'forming' && team.seatsLeft > 0 && remaining > 0;

export const hasSeat = ({ team }: PaneModel): boolean => team?.seats.some(({ own }) => own) === true;

/** The own invitation code, once there is one. */
export const codeOf = ({ facts }: PaneModel): string | undefined =>
  facts.find((fact) => fact.kind === 'code-made')?.code;

export const isInvited = ({ facts }: PaneModel): boolean => facts.some(({ kind }) => kind === 'invitation-accepted');

/** Whether nobody has bought here before; an invitation is for new customers. */
export const isNew = ({ payments }: PaneModel): boolean => payments.length === 0;

/** The page's part of what stories and ledger show. */
export function reportOf(model: PaneModel): Report {
  const { digest, payments, facts, view } = model;
  return {
    ...digest,
    team: model.team === undefined ? '' : model.teamId,
    hasSeat: hasSeat(model),
    refunds: payments.filter(({ refunded }) => refunded > 0).length,
    orders: payments.filter(({ fate }) => fate !== 'refunded').length,
    delivered: payments.filter(({ received_at: received }) => received !== null).length,
    invited: isInvited(model),
    hasInvited: facts.some(({ kind }) => kind === 'invitee-accepted'),
    hasMessage: model.message !== undefined,
    rewards: facts.filter(({ kind }) => kind === 'points-granted').length,
    active: view.points.totals.active,
  };
}
