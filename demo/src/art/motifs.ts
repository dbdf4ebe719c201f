// SPDX-License-Identifier: MIT
/** The motifs of the generated product pictures. To add one, add a row to a table and words for it in `choose.ts`. */
import { kHome } from './motifs-home.js';
import { kKeepsakes } from './motifs-keepsakes.js';
import { kKitchen } from './motifs-kitchen.js';

export const kMotifs = { ...kHome, ...kKeepsakes, ...kKitchen };

export type Motif = keyof typeof kMotifs;
