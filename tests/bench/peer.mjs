// SPDX-License-Identifier: MIT
// The peer that counts: neighbour lists in typed arrays, as a good front-end developer writes them by hand. No ids, reasons, rules or
// popularity behind; items are numbers.

/** Lists of `width` neighbours for each item, from a seed. */
export function neighbourLists(items, width, random) {
  const neighbours = new Uint32Array(items * width);
  const weights = new Uint8Array(items * width);
  for (let i = 0; i < neighbours.length; i += 1) {
    neighbours[i] = random() * items;
    weights[i] = 1 + random() * 255;
  }
  return { items, width, neighbours, weights, scores: new Int32Array(items) };
}

/** The best `limit` items for a session, the last item weighing most. */
export function recommend(lists, session, limit) {
  const { width, neighbours, weights, scores } = lists;
  const touched = [];
  for (let age = 0; age < session.length; age += 1) {
    const item = session[session.length - 1 - age];
    for (let at = item * width; at < (item + 1) * width; at += 1) {
      const other = neighbours[at];
      if (scores[other] === 0) touched.push(other);
      scores[other] += weights[at] * (256 - age);
    }
  }
  for (const item of session) scores[item] = 0;
  const ranked = touched.filter((item) => scores[item] > 0).sort((a, b) => scores[b] - scores[a] || a - b);
  const best = ranked.slice(0, limit).map((item) => ({ item, score: scores[item] }));
  for (const item of touched) scores[item] = 0;
  return best;
}

/** mulberry32: the same numbers everywhere. */
export function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
