// SPDX-License-Identifier: MIT
/** The files that the page comes with: fetched once, before it is ready. */
import type { Program } from 'souk';
import packUrl from '../../build/demo/pack.souk?url';
import historyUrl from '../data/online-retail.bin.gz?url';
import program from '../program.json';
import { readHistory } from './history/codec.js';
import { openShop, type Shop } from './history/orders.js';

async function bytesOf(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

export interface ShopData {
  readonly shop: Shop;
  readonly pack: Uint8Array;
  readonly program: Program;
}

/** @throws Error if a file is missing, HistoryFormatError if the history is damaged. */
export async function loadShopData(): Promise<ShopData> {
  const [history, pack] = await Promise.all([bytesOf(historyUrl).then(readHistory), bytesOf(packUrl)]);
  return { shop: openShop(history, program.zone), pack, program: program as Program };
}
