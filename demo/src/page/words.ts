// SPDX-License-Identifier: MIT
/** Numbers, money and dates as British English writes them. Dates are the shop's: `zone` is its time zone. */

const kLocale = 'en-GB';
const whole = new Intl.NumberFormat(kLocale);
const pounds = new Intl.NumberFormat(kLocale, { style: 'currency', currency: 'GBP' });

let zone = 'UTC';
let dates = dateFormat({});
let shortDates = dateFormat({});

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(kLocale, { timeZone: zone, ...options });
}

/** Sets the shop's zone; call once before dates are written. */
export function useZone(name: string): void {
  zone = name;
  dates = dateFormat({ day: 'numeric', month: 'long', year: 'numeric' });
  shortDates = dateFormat({ day: 'numeric', month: 'short', year: 'numeric' });
}

export const number = (value: number): string => whole.format(value);

/** Pence as pounds: 1234 → £12.34. */
export const money = (pence: number): string => pounds.format(pence / 100);

export const date = (instant: number): string => dates.format(instant);
export const shortDate = (instant: number): string => shortDates.format(instant);

/** The last day on which something still holds that ends at an instant. */
export const lastDay = (end: number): string => shortDates.format(end - 1);

/** `1 point`, `2 points`, `no points`. */
export function count(value: number, one: string, many = `${one}s`): string {
  if (value === 0) return `no ${many}`;
  return `${whole.format(value)} ${value === 1 ? one : many}`;
}

/** `a, b and c`. */
export const list = (items: readonly string[]): string =>
  new Intl.ListFormat(kLocale, { type: 'conjunction' }).format(items);
