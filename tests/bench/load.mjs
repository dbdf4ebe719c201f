// SPDX-License-Identifier: MIT
// What the benches of the collector share: load from the same machine, subjects in processes of their own, and the tests' own shop.
import { fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The project's folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url));
/** Where benches leave things. */
export const work = join(root, 'build/bench');
mkdirSync(work, { recursive: true });

/** Length of each measurement. */
export const seconds = Number(process.argv[process.argv.indexOf('--seconds') + 1]) || 8;
/** Requests that are on their way at once. */
export const connections = 64;
/** What the shop signs with. */
export const secret = 'the secret of the shop';
/** A rate that limits nothing. */
export const unlimited = { perSecond: 1e9, burst: 1e9 };

/** A module of the tests that is written in TypeScript. */
export async function importTest(file) {
  const outfile = join(work, `${file}.mjs`);
  const entry = join(root, `tests/collector/${file}.ts`);
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node', packages: 'external' });
  return import(outfile);
}

const agent = new Agent({ keepAlive: true, maxSockets: connections });

/** Sends JSON; rejects unless it is answered by 200. */
export function post(url, headers, body) {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } };
    const sent = request(url, options, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (answer.statusCode === 200) resolve(text);
        else reject(new Error(`status ${answer.statusCode}: ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Runs `send(n)` on many connections for some seconds; what it did a second, and how long one took. */
export async function load(each, send) {
  const times = [];
  let next = 0;
  const client = async (until) => {
    while (performance.now() < until) {
      const started = performance.now();
      await send((next += 1));
      times.push(performance.now() - started);
    }
  };
  const run = async (ms) => {
    times.length = 0;
    const started = performance.now();
    await Promise.all(Array.from({ length: connections }, () => client(started + ms)));
    return performance.now() - started;
  };
  await run(1500); // warm
  const ms = await run(seconds * 1000);
  times.sort((a, b) => a - b);
  const at = (share) => (times[Math.floor(times.length * share)] ?? 0).toFixed(0);
  return { rate: Math.round((times.length * each) / (ms / 1000)), p50: at(0.5), p99: at(0.99) };
}

/** Starts a script that tells its URL; its options come by an environment variable. */
export async function start(script, variable, options) {
  const child = fork(script, {
    env: { ...process.env, [variable]: JSON.stringify(options) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const url = await new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message.url));
    child.once('exit', () => reject(new Error('it did not start')));
  });
  const stop = () => new Promise((resolve) => (child.once('exit', resolve), child.kill('SIGTERM')));
  return { url, stop };
}
