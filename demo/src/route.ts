// SPDX-License-Identifier: MIT
/** What the address names: `#/14646` or `#/14646/2011-06-30`, so that every view can be linked, reloaded and gone back to. */

const kDay = 86_400_000;

export interface Route {
  readonly customer: number;
  /** Days since 1970-01-01, if the address says one. */
  readonly day?: number;
}

/** Reads the part after `#`; null if it names nobody. */
export function parseRoute(hash: string): Route | null {
  const match = /^#\/(\d{1,9})(?:\/(\d{4}-\d{2}-\d{2}))?$/.exec(hash);
  if (match === null) return null;
  const customer = Number(match[1]);
  const day = Date.parse(`${match[2] ?? ''}T00:00Z`) / kDay;
  return Number.isInteger(day) ? { customer, day } : { customer };
}

/** Writes what `parseRoute` reads. */
export function formatRoute({ customer, day }: Route): string {
  const date = day === undefined ? '' : `/${new Date(day * kDay).toISOString().slice(0, 10)}`;
  return `#/${customer}${date}`;
}
