// SPDX-License-Identifier: MIT
// `souk zone NAME [--from YEAR] [--until YEAR]` without zone files: the same words, the same table, the same exit codes as the program's.
import { parseArgs } from 'node:util';
import { zoneTable } from './zone.mjs';

const startOfYear = (year) => {
  const start = new Date(0);
  start.setUTCFullYear(year, 0, 1); // Date.UTC takes the years 0 to 99 for 1900 to 1999
  return start.getTime();
};

/** A year of an option, or its default. Throws a TypeError that names the option. */
function yearOf(values, option, otherwise) {
  const text = values[option] ?? String(otherwise);
  const year = Number(text);
  if (!/^\d{1,4}$/.test(text) || year < 1) throw new TypeError(`--${option} takes a year from 1 to 9999`);
  return year;
}

/** What the words ask for. Throws a TypeError for words that make no sense. */
function read(words) {
  const text = { type: 'string' };
  const { values, positionals } = parseArgs({
    args: words,
    options: { from: text, until: text },
    allowPositionals: true,
  });
  if (positionals.length !== 1) throw new TypeError('zone takes one name, such as Asia/Shanghai');
  const [from, until] = [yearOf(values, 'from', 2000), yearOf(values, 'until', 2050)];
  if (until <= from) throw new TypeError('--until must be after --from');
  return { name: positionals[0], from: startOfYear(from), until: startOfYear(until) };
}

/** The table with the members of every object in the order of their names, as the program writes it. */
function tableText({ from, name, transitions, until }) {
  return JSON.stringify({
    from,
    name,
    transitions: transitions.map(({ at, offsetSeconds }) => ({ at, offsetSeconds })),
    until,
  });
}

/**
 * Runs the command.
 *
 * @param {string[]} words The words behind `zone`.
 * @returns {number} The exit code: 0, 1 for a zone that the host does not know, 2 for wrong usage.
 */
export function zoneCommand(words) {
  try {
    const { name, from, until } = read(words);
    console.log(tableText(zoneTable(name, from, until)));
    return 0;
  } catch (error) {
    const usage = error instanceof TypeError;
    console.error(`souk: ${usage ? 'usage' : 'cannot-read'}: ${error.message}`);
    return usage ? 2 : 1;
  }
}
