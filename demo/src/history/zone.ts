// SPDX-License-Identifier: MIT
/** Local shop time to instants and back, by the merchant program's own zone table. */

/** A time zone as a table, valid in [from, until); the first transition is at `from`. */
export interface ZoneTable {
  readonly name: string;
  readonly from: number;
  readonly until: number;
  readonly transitions: readonly { readonly at: number; readonly offsetSeconds: number }[];
}

function insideTable(instant: number, zone: ZoneTable): number {
  if (instant >= zone.from && instant < zone.until) return instant;
  throw new RangeError(`outside the zone table of ${zone.name}: ${instant}`);
}

/**
 * The instant of a local date and time.
 *
 * @param local  Local milliseconds since 1970-01-01 00:00 on the shop's wall.
 * @returns milliseconds since the epoch. A time that happens twice is the earlier one; a time that the
 *   clock jumps over is the first instant after the jump. Both as the engine has it.
 * @throws RangeError outside the table.
 */
export function instantOfLocal(local: number, zone: ZoneTable): number {
  for (const [i, { at, offsetSeconds }] of zone.transitions.entries()) {
    const next = zone.transitions[i + 1]?.at ?? zone.until;
    const instant = local - offsetSeconds * 1000;
    if (i > 0 && instant < at) return at;
    if (instant < next) return insideTable(instant, zone);
  }
  return insideTable(zone.until, zone);
}

/** Local milliseconds since 1970-01-01 00:00 at an instant. @throws RangeError outside the table. */
export function localOfInstant(instant: number, zone: ZoneTable): number {
  insideTable(instant, zone);
  let offset = 0;
  for (const { at, offsetSeconds } of zone.transitions) if (at <= instant) offset = offsetSeconds * 1000;
  return instant + offset;
}
