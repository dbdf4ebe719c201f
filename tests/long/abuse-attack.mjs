// SPDX-License-Identifier: MIT
// The attackers of tests/long/abuse.mjs, in a process of their own and from addresses of their own on loopback: so many of each kind, until the
// time is over. Sends its parent how much was tried.
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';

const { url, seconds } = JSON.parse(process.argv[2] ?? '{}');
const { hostname, port } = new URL(url);
let until = 0;
const counts = {};

/** One connection: writes what `speak` says, and settles when it is closed. */
function visit(kind, host, speak) {
  counts[kind] = (counts[kind] ?? 0) + 1;
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), localAddress: `127.0.0.${host}` });
    const tooLong = setTimeout(() => socket.destroy(), Math.max(0, until - performance.now()));
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    socket.on('close', () => (clearTimeout(tooLong), resolve()));
    socket.on('connect', () => speak(socket));
  });
}

async function again(kind, host, speak) {
  while (performance.now() < until) await visit(kind, host, speak);
}

const head = (...lines) =>
  ['POST /v1/batch HTTP/1.1', 'Host: x', 'Authorization: Basic cGs6', ...lines, '', ''].join('\r\n');
const json = 'Content-Type: application/json';
const whole = (body, ...lines) =>
  Buffer.concat([Buffer.from(head(json, `Content-Length: ${body.length}`, 'Connection: close', ...lines)), body]);

/** Writes a piece each second until the line is cut. */
function drip(socket, first, piece) {
  socket.write(first);
  const timer = setInterval(() => socket.write(piece), 1000);
  socket.on('close', () => clearInterval(timer));
}

/** Writes pieces as fast as they are read. */
function pour(socket, first, piece, count) {
  socket.write(first);
  let left = count;
  const more = () => {
    while (left > 0 && !socket.destroyed) {
      left -= 1;
      if (!socket.write(piece)) return;
    }
  };
  socket.on('drain', more);
  more();
}

const block = Buffer.alloc(65_536, 0x20);
const bomb = whole(gzipSync(Buffer.alloc(100_000_000), { level: 9 }), 'Content-Encoding: gzip');
const malformed = [
  crypto.getRandomValues(new Uint8Array(500)),
  Buffer.concat([Buffer.from(head(json, 'Content-Length: 4')), Buffer.from([0xff, 0xfe, 0xc0, 0x80])]),
  whole(Buffer.from('{"batch":[')),
  whole(Buffer.from('['.repeat(10_000))),
  whole(Buffer.from('{"batch":[{"type":"track"}],"batch":[]}')),
  whole(Buffer.from('not gzip'), 'Content-Encoding: gzip'),
  Buffer.from('GET /v1/\u0000 HTTP/1.1\r\n\r\n'),
  Buffer.from(`POST /v1/batch HTTP/1.1\r\n${'X-Big: y'.repeat(4000)}\r\n\r\n`),
];
let turn = 0;

process.send?.('ready');
until = performance.now() + seconds * 1000;
const times = (count, run) => Array.from({ length: count }, (_, n) => run(n));
await Promise.all([
  ...times(200, () => again('slow headers', 2, (socket) => drip(socket, 'POST /v1/batch HTTP/1.1\r\nX: ', 'y'))),
  ...times(100, () => again('slow body', 3, (socket) => drip(socket, head(json, 'Content-Length: 1000'), ' '))),
  ...times(20, () =>
    again(
      'answers not read',
      4,
      (socket) => (socket.pause(), pour(socket, '', 'GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n', 1000)),
    ),
  ),
  ...times(2, () => again('gzip bomb', 5, (socket) => socket.write(bomb))),
  ...times(2, () =>
    again('10 MB, length said', 6, (socket) => pour(socket, head(json, 'Content-Length: 10000000'), block, 153)),
  ),
  ...times(2, () =>
    again('10 MB, in chunks', 7, (socket) =>
      pour(
        socket,
        head(json, 'Transfer-Encoding: chunked'),
        Buffer.concat([Buffer.from('10000\r\n'), block, Buffer.from('\r\n')]),
        153,
      ),
    ),
  ),
  ...times(2, () => again('malformed', 8, (socket) => socket.end(malformed[(turn += 1) % malformed.length]))),
]);
process.send?.(counts);
process.disconnect?.();
