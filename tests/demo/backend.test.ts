// SPDX-License-Identifier: MIT
/** The demo's backend: whom it answers, what it refuses, and that its shop's books survive it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createBackend } from '../../demo/backend/backend.mjs';
import { serve } from '../../demo/server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'souk-demo-backend-'));
const data = join(folder, 'data');
const day = 86_400_000;

interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Payment {
  readonly id: string;
  readonly fate: string;
  readonly reason: string;
  readonly refunded: number;
}

let server: { url: string; close: () => Promise<unknown> };
beforeAll(async () => {
  server = await serve({ folder, port: 0, data });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => vi.unstubAllEnvs());

/** A request as a page of the demo sends it, unless the headers say otherwise. Rejects where the line is cut. */
function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
  const { hostname, port, host } = new URL(server.url);
  const own = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers: { ...own, ...headers } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const codeOf = ({ body }: Answer): string => (JSON.parse(body) as { error: { code: string } }).error.code;
const pay = (who: string, id: string, more: object) => ask('POST', `/shop/pay?who=${who}`, { id, ...more });
const control = (name: string, body: object) => ask('POST', `/shop/demo/${name}`, body);

async function wallet(who: string): Promise<{ readonly team: string; readonly payments: readonly Payment[] }> {
  return JSON.parse((await ask('GET', `/shop/wallet?who=${who}`)).body) as never;
}

async function token(who: string): Promise<string> {
  return (JSON.parse((await ask('GET', `/shop/token?who=${who}`)).body) as { token: string }).token;
}

describe('the demo’s backend answers', () => {
  it('under the names of this machine only, whatever a name was made to point to', async () => {
    for (const host of ['shop.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.5']) {
      const foreign = { host, origin: `http://${host}` };
      expect(codeOf(await ask('GET', '/shop/token?who=ana', undefined, foreign))).toBe('foreign-host');
      expect(codeOf(await ask('GET', '/souk/v1/program', undefined, foreign))).toBe('foreign-host');
    }
    const port = new URL(server.url).port;
    const local = { host: `localhost:${port}`, origin: `http://localhost:${port}` };
    expect((await ask('GET', '/shop/token?who=ana', undefined, local)).status).toBe(200);
  });

  it('its own pages only', async () => {
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect(codeOf(await ask('POST', '/shop/demo/travel', { ms: 1 }, foreign))).toBe('foreign-origin');
    expect(codeOf(await ask('GET', '/shop/token?who=ana', undefined, { 'sec-fetch-site': 'cross-site' }))).toBe(
      'foreign-origin',
    );
  });

  it('with tokens for its two shoppers and nobody else', async () => {
    expect((await token('ana')).split('.')).toHaveLength(3);
    for (const who of ['eve', '', 'toString', 'guest-1'])
      expect(codeOf(await ask('GET', `/shop/token?who=${who}`))).toBe('unknown-shopper');
  });

  it('no message that its collector has not signed', async () => {
    const forged = { id: 'h1', type: 'refund', data: { payment: 'pay-none', amount: 1, reason: 'left' } };
    const signature = { 'souk-signature': `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}` };
    expect((await ask('POST', '/shop/hooks', forged)).status).toBe(401);
    expect(codeOf(await ask('POST', '/shop/hooks', forged, signature))).toBe('wrong-signature');
  });

  it('nothing in production', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    const closed = await serve({ folder, port: 0, data: join(folder, 'production') });
    for (const path of ['shop/token?who=ana', 'shop/demo/travel', 'souk/v1/program']) {
      const answer = await fetch(closed.url + path, { method: path.includes('travel') ? 'POST' : 'GET' });
      expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('refused-in-production')]);
    }
    await closed.close();
  });

  it('nothing that is not its own', () => {
    const backend = createBackend({ folder: join(folder, 'unused') });
    const paths = ['/', '/shopper.html', '/soukette', '/assets/shop.js'];
    for (const path of paths) expect(backend.handle({}, {}, new URL(path, 'http://demo'))).toBe(false);
  });
});

describe('the demo’s shop', () => {
  it('charges a payment once, however often it is sent, and gives back what found no seat', async () => {
    await pay('ana', 'pay-first-1', { kind: 'start' });
    const { team } = await wallet('ana');
    await control('crowd', { id: 'crowd-first', count: 2, team });
    for (let time = 0; time < 3; time += 1) await pay('ben', 'pay-late-1', { kind: 'join', target: team });
    await expect.poll(async () => (await wallet('ben')).payments).toMatchObject([{ fate: 'refunded', refunded: 895 }]);
    await expect.poll(async () => (await wallet('ana')).payments).toMatchObject([{ fate: 'released', refunded: 0 }]);
  });

  it('moves time forward only', async () => {
    for (const ms of [-1, 1.5, 41 * day, '1']) expect((await control('travel', { ms })).status).toBe(400);
    expect((await control('travel', { ms: day })).status).toBe(200);
  });

  it('cuts the line of one shopper, and loses answers of what it has done', async () => {
    await control('network', { who: 'ana', mode: 'offline' });
    await expect(ask('GET', '/shop/wallet?who=ana')).rejects.toThrow();
    expect((await ask('GET', '/shop/wallet?who=ben')).status).toBe(200);
    await control('network', { who: 'ana', mode: 'lossy' });
    const sent = () => pay('ana', 'pay-lost-1', { kind: 'alone' });
    await expect(sent()).rejects.toThrow();
    await expect(sent()).rejects.toThrow();
    expect((await sent()).status).toBe(200);
    expect((await wallet('ana')).payments.filter(({ id }) => id === 'pay-lost-1')).toHaveLength(1);
  });

  it('finds books, clock and team again after a restart', async () => {
    await pay('ben', 'pay-before-1', { kind: 'start' });
    await expect.poll(async () => (await wallet('ben')).payments[0]?.fate).toBe('seated');
    const before = await wallet('ben');
    const time = async () => (JSON.parse((await ask('GET', '/souk/v1/time')).body) as { now: number }).now;
    await server.close();
    server = await serve({ folder, port: 0, data });
    expect(await wallet('ben')).toEqual(before);
    expect(await time()).toBeGreaterThan(Date.now() + day - 60_000);
  });

  it('starts over with nothing that has happened', async () => {
    await control('reset', {});
    expect((await wallet('ben')).payments).toEqual([]);
    expect((await wallet('ana')).team).toBeNull();
  });
});
