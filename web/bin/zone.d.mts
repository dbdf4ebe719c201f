// SPDX-License-Identifier: MIT

/** A zone as the program prints it. */
export interface ZoneTable {
  readonly name: string;
  readonly from: number;
  readonly until: number;
  readonly transitions: readonly { readonly at: number; readonly offsetSeconds: number }[];
}

/** The table of a zone in [from, until), from the host's calendar. Throws RangeError for a name that the host does not know. */
export function zoneTable(name: string, from: number, until: number): ZoneTable;
