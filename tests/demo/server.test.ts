// SPDX-License-Identifier: MIT
/** The demo's server: types, encodings, caching, the policy, and nothing outside its folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serve } from '../../demo/server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'souk-demo-'));
let server: { url: string; close: () => Promise<unknown> };

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), `<!doctype html>${' '.repeat(2000)}`);
  writeFileSync(join(folder, 'assets', 'souk-1.wasm'), new Uint8Array(2000));
  writeFileSync(join(folder, 'assets', 'history-1.gz'), new Uint8Array(2000));
  writeFileSync(`${folder}-secret`, 'secret');
  server = await serve({ folder, port: 0 });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
  rmSync(`${folder}-secret`);
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
}

/** Node's own client, which sends a path as it is. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers, method }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers });
    });
    sent.on('error', reject).end();
  });
}

it('serves wasm as application/wasm, so that it streams', async () => {
  const { status, headers } = await ask('/assets/souk-1.wasm');
  expect([status, headers['content-type']]).toEqual([200, 'application/wasm']);
});

it('prefers brotli, then gzip, and leaves what is dense already as it is', async () => {
  const encodingOf = async (path: string, accepted: string) =>
    (await ask(path, { 'accept-encoding': accepted })).headers['content-encoding'];
  expect(await encodingOf('/', 'gzip, deflate, br')).toBe('br');
  expect(await encodingOf('/', 'gzip')).toBe('gzip');
  expect(await encodingOf('/', 'identity')).toBeUndefined();
  expect(await encodingOf('/assets/history-1.gz', 'br')).toBeUndefined();
});

it('lets files named by their contents be kept for ever, and the page be asked for again', async () => {
  expect((await ask('/assets/souk-1.wasm')).headers['cache-control']).toContain('immutable');
  const page = await ask('/');
  expect(page.headers['cache-control']).toBe('no-cache');
  expect((await ask('/', { 'if-none-match': page.headers.etag ?? '' })).status).toBe(304);
});

it('allows wasm at / and not at /no-wasm/, and inline script at neither', async () => {
  const policyOf = async (path: string) => String((await ask(path)).headers['content-security-policy']);
  const [open, strict] = [await policyOf('/'), await policyOf('/no-wasm/')];
  expect(open).toContain("script-src 'self' 'wasm-unsafe-eval';");
  expect(strict).toContain("script-src 'self';");
  for (const policy of [open, strict]) {
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*/);
  }
});

it('serves the same files at /no-wasm/', async () => {
  expect((await ask('/no-wasm/assets/souk-1.wasm')).status).toBe(200);
  expect((await ask('/no-wasm')).headers.location).toBe('/no-wasm/');
});

it('refuses what is not a file of the demo', async () => {
  const secret = `/../${folder.split('/').at(-1)}-secret`;
  const statuses = await Promise.all(
    [secret, secret.replace('..', '%2e%2e'), '/nothing', '/%'].map(async (path) => (await ask(path)).status),
  );
  expect(statuses).toEqual([404, 404, 404, 400]);
  expect((await ask('/', {}, 'POST')).status).toBe(405);
});
