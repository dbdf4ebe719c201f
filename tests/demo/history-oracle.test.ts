// SPDX-License-Identifier: MIT
/** Recomputes the golden figures from the raw rows, so that they are never taken on trust. */
import { expect, it } from 'vitest';
import golden from './history-golden.json' with { type: 'json' };
import { runOracle } from './history-oracle.mjs';

it(
  'the SQL over the raw rows gives the stored totals, level counts and per-customer fingerprint',
  { timeout: 240_000 },
  async () => {
    const { customers, ...summary } = await runOracle();
    expect(summary).toEqual(golden);
    expect(customers).toHaveLength(golden.totals.customers);
  },
);
