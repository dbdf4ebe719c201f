// SPDX-License-Identifier: MIT
// A request of node:http as a collector reads it. A `Request` made of it would cost more than deciding a command does.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { IncomingRequest, Unread } from '../http/incoming.js';

/** Reads until the end or a limit; what comes behind a limit stays in the socket. */
function readAll(incoming: IncomingMessage, maxBytes: number, ms: number): Promise<Uint8Array | Unread> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (outcome: Uint8Array | Unread) => {
      clearTimeout(late);
      incoming.off('data', take);
      if (typeof outcome === 'string') incoming.pause();
      resolve(outcome);
    };
    const take = (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > maxBytes) settle('too-large');
    };
    const late = setTimeout(settle, ms, 'too-late');
    incoming.on('data', take);
    incoming.once('end', () => settle(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    incoming.once('error', () => settle('cut-off'));
    incoming.once('close', () => settle('cut-off')); // says nothing behind the end
  });
}

/** The headers of a message, those that came several times joined. */
function headersOf(incoming: IncomingMessage): IncomingRequest['headers'] {
  return {
    get(name) {
      const value = incoming.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : (value ?? null);
    },
  };
}

/** A message of node:http as a request. */
export function nodeRequest(incoming: IncomingMessage): IncomingRequest {
  const { method = 'GET', url = '/' } = incoming;
  return {
    method,
    // The host is not asked: no route depends on it, and a client may write anything there.
    url: `http://collector${url.startsWith('/') ? url : '/'}`,
    headers: headersOf(incoming),
    get body() {
      if (method === 'GET' || method === 'HEAD') return null;
      return Readable.toWeb(incoming) as ReadableStream<Uint8Array>;
    },
    readAll: (maxBytes, ms) => readAll(incoming, maxBytes, ms),
  };
}
