// SPDX-License-Identifier: MIT
// A zone's table from the host's own calendar (Intl), for machines without zone files: Windows, small containers. The offset is probed day
// by day, and each change is found by halving. No zone since 1900 has kept an offset for less than a day.

const dayMs = 86_400_000;

/** A function from an instant (ms) to the zone's offset from UTC in seconds. Throws RangeError for a name that the host does not know. */
function offsetReader(name) {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const shown = {};
    for (const { type, value } of clock.formatToParts(at)) shown[type] = Number(value);
    const local = Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute, shown.second);
    return (local - Math.floor(at / 1000) * 1000) / 1000;
  };
}

/** The first instant after `low` with an offset other than at `low`; at `high` it is another. Zones change on whole seconds. */
function firstChange(offsetAt, low, high) {
  const before = offsetAt(low);
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000;
    if (offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The table of a zone in [from, until), the same as the program makes from a zone file.
 *
 * @param {string} name IANA name, such as Asia/Shanghai.
 * @param {number} from First instant, ms since the epoch, a whole second.
 * @param {number} until First instant after the table.
 * @throws RangeError when the host does not know the name.
 */
export function zoneTable(name, from, until) {
  const offsetAt = offsetReader(name);
  const transitions = [{ at: from, offsetSeconds: offsetAt(from) }];
  for (let at = from; at < until - 1000;) {
    const next = Math.min(at + dayMs, until - 1000);
    const offsetSeconds = transitions.at(-1).offsetSeconds;
    if (offsetAt(next) === offsetSeconds) {
      at = next;
    } else {
      at = firstChange(offsetAt, at, next);
      transitions.push({ at, offsetSeconds: offsetAt(at) });
    }
  }
  return { name, from, until, transitions };
}
