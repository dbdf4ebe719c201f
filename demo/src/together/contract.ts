// SPDX-License-Identifier: MIT
/** What the demo's backend, the page with the frames and the two framed pages say to each other. */

export type Who = 'ana' | 'ben';
export type Line = 'online' | 'offline' | 'lossy';

export const kNames: Readonly<Record<Who, string>> = { ana: 'Ana', ben: 'Ben' };
export const kShoppers: readonly Who[] = ['ana', 'ben'];

export const otherOf = (who: Who): Who => (who === 'ana' ? 'ben' : 'ana');

/** An account as the backend believes it. */
export interface BackendAccount {
  readonly seq: number;
  readonly digest: string;
  readonly level: string;
  readonly earned: number;
  readonly active: number;
  readonly pending: number;
  readonly spent: number;
  readonly expired: number;
  readonly clawedBack: number;
  readonly debt: number;
}

/** The team that is talked about: the one that started last. */
export interface TeamState {
  readonly id: string;
  readonly phase: 'unstarted' | 'forming' | 'formed' | 'failed' | 'cancelled';
  readonly size: number;
  readonly seatsLeft: number;
  readonly deadline?: number;
}

/** How things stand, by `GET /shop/news`. Money is in minor units, instants are milliseconds. */
export interface ShopState {
  readonly round: string;
  readonly now: number;
  /** How far the shop's clock is ahead of the machine's. */
  readonly ahead: number;
  readonly team: TeamState | null;
  readonly stock: { readonly total: number; readonly available: number; readonly held: number; readonly sold: number };
  readonly money: {
    readonly charged: number;
    readonly refunded: number;
    readonly orders: number;
    readonly onTheWay: number;
    readonly balanced: boolean;
  };
  readonly accounts: Readonly<Record<Who, BackendAccount>>;
  readonly network: Readonly<Record<Who, Line>>;
}

/** A payment in the shop's books, by `GET /shop/wallet`. */
export interface Payment {
  readonly id: string;
  readonly kind: 'start' | 'join' | 'alone';
  readonly amount: number;
  readonly fate: 'charged' | 'seated' | 'released' | 'refunded';
  readonly reason: string;
  readonly refunded: number;
  readonly received_at: number | null;
}

export interface Wallet {
  readonly round: string;
  readonly team: string | null;
  readonly payments: readonly Payment[];
}

/** What a shopper can be asked to do by a story: the same as pressing the button. */
export type Press = 'seat' | 'alone' | 'invite' | 'accept';

/** From the page to a frame. */
export type ToFrame =
  /** `woken`: the shop's clock has jumped, as it does for a device that slept, or the shop is back. */
  | { readonly type: 'news'; readonly state: ShopState; readonly woken: boolean }
  | { readonly type: 'press'; readonly press: Press }
  | { readonly type: 'invitation'; readonly from: Who; readonly code: string };

/** What a frame shows, for the stories and the ledger. */
export interface Report {
  readonly seq: number;
  readonly digest: string;
  /** The team that the frame follows, once it knows of it. */
  readonly team: string;
  readonly hasSeat: boolean;
  readonly refunds: number;
  readonly orders: number;
  readonly delivered: number;
  readonly invited: boolean;
  readonly hasInvited: boolean;
  readonly hasMessage: boolean;
  readonly rewards: number;
  readonly active: number;
}

/** From a frame to the page. */
export type FromFrame =
  | { readonly type: 'ready'; readonly who: Who }
  | { readonly type: 'height'; readonly who: Who; readonly height: number }
  | { readonly type: 'report'; readonly who: Who; readonly report: Report }
  | { readonly type: 'line'; readonly who: Who; readonly mode: Line }
  | { readonly type: 'invitation'; readonly who: Who; readonly code: string };
