// SPDX-License-Identifier: MIT
/* global performance */
// Runs in the page, as a script of the site: loads the package and answers calls, bytes as hexadecimal both ways.
import { load } from '/index.js';

const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

globalThis.runVectors = async (files) => {
  const started = performance.now();
  const souk = await load();
  const loadMs = performance.now() - started;
  const answers = [];
  for (const calls of files) {
    const engine = await souk.createEngine();
    answers.push(calls.map(({ op, hex }) => toHex(engine.callBytes(op, fromHex(hex)))));
    engine.dispose();
  }
  return { build: souk.build, loadMs, answers };
};
