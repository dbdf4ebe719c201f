// SPDX-License-Identifier: MIT
// The Node server under abuse, the lock on the embedded store's folder, and messages to the shop.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Store } from 'souk/collector';
import { FolderLockedError, openStore, serve, type Serving } from 'souk/collector/node';
import { verifyWebhook } from 'souk/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockFolder } from '../../web/src/collector/node/folder-lock.js';
import { createWorld, openTemporaryStore, received, redeem, type World, writeKey } from './world.js';

let opened: { readonly store: Store; readonly close: () => Promise<void> };
let world: World;
let serving: Serving;
beforeAll(async () => {
  opened = await openTemporaryStore();
  world = await createWorld(opened.store, { limits: { bodyMs: 500 } });
  serving = await serve(world.collector, { headersMs: 1000, requestMs: 2000 });
});
afterAll(async () => {
  await serving.close();
  await opened.close();
});

const basic = { authorization: `Basic ${btoa(`${writeKey}:`)}`, 'content-type': 'application/json' };

/** Sends raw bytes and tells the first line of the answer, or that the line was closed. */
function raw(...parts: readonly (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(serving.url);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer.split('\r\n')[0] ?? ''));
    for (const part of parts) socket.write(part);
  });
}

const post = (path: string, body: BodyInit, headers: Record<string, string> = basic) =>
  fetch(`${serving.url}${path}`, { method: 'POST', body, headers });
const codeOf = async (answer: Response) => ((await answer.json()) as { error: { code: string } }).error.code;

describe('the Node server', () => {
  it('serves commands and events over a real line', async () => {
    await world.commerce(received('o1', 'mei', 10));
    const authorization = `Bearer ${await world.token('mei')}`;
    const events = await fetch(`${serving.url}/v1/events?stream=account/mei&after=2`, { headers: { authorization } });
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
    const given = await post('/v1/commands', JSON.stringify({ commands: [redeem('c1', 'mei', 3)] }), {
      authorization,
      'content-type': 'application/json',
    });
    expect(given.status).toBe(200);
    let text = '';
    while (!text.includes('points-redeemed')) text += (await reader?.read())?.value ?? '';
    expect(text).toContain('id: account/mei@3');
    await reader?.cancel();
  });

  it('refuses a body of 10 MB, with and without its length said beforehand', async () => {
    const big = 'x'.repeat(10_000_000);
    const said = await post('/v1/batch', big).catch(() => undefined);
    if (said !== undefined) expect([said.status, await codeOf(said)]).toEqual([413, 'body-too-large']);
    const chunk = `${(65_536).toString(16)}\r\n${'x'.repeat(65_536)}\r\n`;
    const head =
      'POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await raw(head, ...Array.from({ length: 160 }, () => chunk))).toContain('413');
  });

  it.each([
    ['300 MB', 300_000_000, 'body-too-large'],
    ['400 KB that fit into a kilobyte', 400_000, 'gzip-ratio'],
  ])('stops in the middle of a gzip bomb of %s, in little memory', async (_, size, code) => {
    const body = new Uint8Array(gzipSync(Buffer.alloc(size), { level: 9 }));
    const headers = { ...basic, 'content-encoding': 'gzip' };
    const before = process.memoryUsage().rss;
    const answer = await world.send<{ error: { code: string } }>('POST', '/v1/batch', { headers, body });
    expect([answer.status, answer.body.error.code]).toEqual([413, code]);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
  });

  it.each([
    ['bytes that are no gzip', 400, 'invalid-gzip', 'gzip', Buffer.from('{"batch":[]}')],
    ['half of a gzip', 400, 'invalid-gzip', 'gzip', gzipSync('{"batch":[]}').subarray(0, 15)],
    ['another encoding', 415, 'unsupported-encoding', 'br', Buffer.from('{}')],
    ['bytes that are no UTF-8', 400, 'invalid-utf8', 'identity', Buffer.from([0x7b, 0xff, 0xfe])],
    ['a NUL', 400, 'nul-byte', 'identity', Buffer.from('{}\0{}')],
    ['a byte order mark', 400, 'byte-order-mark', 'identity', Buffer.from('\ufeff{}')],
    ['half a document', 400, 'invalid-json', 'identity', Buffer.from('{"batch":[')],
    ['two documents', 400, 'invalid-json', 'identity', Buffer.from('{}{}')],
    ['a million brackets', 413, 'body-too-large', 'identity', Buffer.from('['.repeat(1_000_000))],
    ['ten thousand brackets', 400, 'too-deep', 'identity', Buffer.from('['.repeat(10_000))],
    ['no body', 400, 'invalid-json', 'identity', Buffer.from('')],
    ['a list', 400, 'wrong-type', 'identity', Buffer.from('[]')],
  ])('refuses %s', async (_, status, code, encoding, body) => {
    const answer = await post('/v1/batch', new Uint8Array(body), { ...basic, 'content-encoding': encoding });
    expect([answer.status, await codeOf(answer)]).toEqual([status, code]);
  });

  it('does not wait for a client that sends its body slowly', async () => {
    const head =
      'POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{';
    expect(await raw(head)).toContain('408');
  });

  it('does not wait for a client that never ends its headers', async () => {
    expect(await raw('POST /v1/batch HTTP/1.1\r\nHost: x\r\nX-Slow: ')).toMatch(/408|^$/);
  });

  it('answers honest clients while 200 slow ones hang on', async () => {
    const { hostname, port } = new URL(serving.url);
    const slow = Array.from({ length: 200 }, () => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write('POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n');
      return socket;
    });
    const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(`${serving.url}/v1/time`)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    for (const socket of slow) socket.destroy();
  });

  it('cuts the line of whoever asks on before an answer is written', async () => {
    const { hostname, port } = new URL(serving.url);
    const socket = connect(Number(port), hostname);
    let answers = 0;
    socket.on('data', (data) => (answers += data.toString().split('HTTP/1.1 200').length - 1));
    socket.on('error', () => undefined);
    socket.write('GET /v1/time HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1000));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(answers).toBeLessThan(1000);
  });

  it('survives random bytes', async () => {
    for (let n = 0; n < 50; n += 1) await raw(crypto.getRandomValues(new Uint8Array(200)), '\r\n\r\n');
    expect((await fetch(`${serving.url}/health`)).status).toBe(200);
  });

  it('ends in order: what was begun is answered, events end, nothing new is taken', async () => {
    const short = await createWorld(opened.store);
    const open = await serve(short.collector);
    const authorization = `Bearer ${await short.token('mei')}`;
    const events = await fetch(`${open.url}/v1/events?stream=account/mei&after=3`, { headers: { authorization } });
    const given = fetch(`${open.url}/v1/commands`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ commands: [redeem('c-last', 'mei', 1)] }),
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await open.close();
    expect((await given).status).toBe(200);
    await events.text();
    await expect(fetch(`${open.url}/v1/time`)).rejects.toThrow();
  });
});

describe('the folder of an embedded store', () => {
  it('is refused to a second collector, in this and in another process, with the reason', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'souk-lock-'));
    const store = await openStore({ folder });
    await expect(openStore({ folder })).rejects.toThrow(FolderLockedError);
    const code = `import('souk/collector/node').then(({ openStore }) => openStore({ folder: ${JSON.stringify(folder)} })).catch((error) => console.log(error.code, error.message))`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
    expect(output).toMatch(/^folder-locked .* in use by the process \d+/);
    await store.close();
    await (await openStore({ folder })).close();
    rmSync(folder, { recursive: true });
  });

  it('is free again when its process was killed, and when its number went to another process', () => {
    const folder = mkdtempSync(join(tmpdir(), 'souk-lock-'));
    const dead = spawn(process.execPath, ['-e', '']);
    writeFileSync(join(folder, 'souk.lock.7'), JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }));
    lockFolder(folder)();
    writeFileSync(join(folder, 'souk.lock.9'), JSON.stringify({ pid: process.pid, started: '1' }));
    lockFolder(folder)();
    expect(readdirSync(folder).filter((name) => name.startsWith('souk.lock'))).toEqual([]);
    dead.kill();
    rmSync(folder, { recursive: true });
  });

  it('goes to one of 12 processes that start together where a killed one had it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'souk-lock-'));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'souk.lock.3'), JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }));
    const code = `import('souk/collector/node').then(({ openStore }) => openStore({ folder: ${JSON.stringify(folder)} })).then(() => { console.log('mine'); setInterval(() => {}, 1000); }, (error) => console.log(error.code))`;
    const all = Array.from({ length: 12 }, () => spawn(process.execPath, ['--input-type=module', '-e', code]));
    const said = await Promise.all(
      all.map(
        (one) =>
          new Promise<string>((resolve) => one.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()))),
      ),
    );
    expect(said.filter((word) => word === 'mine')).toHaveLength(1);
    expect(said.filter((word) => word === 'folder-locked')).toHaveLength(11);
    for (const one of all) one.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('messages to the shop', () => {
  const secret = 'what the shop knows too';
  const told: { readonly id: string; readonly type: string }[] = [];
  let refusals = 3;

  async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  }

  it('are signed, sent until they are taken, once each, and by a restarted collector too', async () => {
    const refund = {
      id: 'event-r',
      type: 'order-refunded',
      data: { account: 'ann', order: 'w1', refund: 'f1', lines: [{ line: 0, quantity: 1 }] },
    };
    const shop = createServer((incoming, outgoing) => {
      void bodyOf(incoming).then(async (body) => {
        const header = String(incoming.headers['souk-signature']);
        await verifyWebhook(body, header, { secrets: [secret], now: world.clock.now() });
        refusals -= 1;
        if (refusals < 0) told.push(JSON.parse(body.toString()) as (typeof told)[0]);
        outgoing.writeHead(refusals < 0 ? 204 : 500).end();
      });
    });
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/`;
    const webhooksOf = (fact: { readonly kind: string }) =>
      fact.kind === 'order-clawed-back' ? [{ type: 'refund' as const, data: { order: 'w1' } }] : [];
    // Written by a collector that has nowhere to send.
    const writing = await createWorld(opened.store, { webhooksOf });
    await writing.commerce(received('w1', 'ann', 10));
    await writing.commerce(refund);
    await writing.commerce(refund);
    await writing.close();
    const sending = await createWorld(opened.store, { webhooksOf, webhook: { url, secret } });
    await expect
      .poll(
        () => {
          sending.clock.advance(60_000); // past every wait
          return told.length;
        },
        { timeout: 30_000, interval: 300 },
      )
      .toBe(1);
    expect(told[0]).toMatchObject({ type: 'refund', data: { order: 'w1' } });
    expect(await opened.store.query('select attempts from souk.outbox where delivered_at is not null')).toEqual([
      { attempts: 4 },
    ]);
    await sending.close();
    await new Promise((resolve) => shop.close(resolve));
  });
});
