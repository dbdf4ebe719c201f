// SPDX-License-Identifier: MIT
// A node:http server in front of a handler: limits on headers, time and connections, back-pressure in both directions, and an orderly end.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Collector } from '../collector.js';
import { textOf } from '../http/answer.js';
import { nodeRequest } from './node-request.js';

/** How a collector is served. */
export interface ServeOptions {
  /** Default: a free port. */
  readonly port?: number;
  /** Default `127.0.0.1`: a proxy with TLS stands in front. */
  readonly host?: string;
  /** Whether the last address of `X-Forwarded-For` is the client's. Only behind a proxy that sets it. Default: no. */
  readonly trustProxy?: boolean;
  /** Time for a request's headers, and for the whole of it, milliseconds. Default 10,000 and 30,000. */
  readonly headersMs?: number;
  readonly requestMs?: number;
  /** Connections at most. Default 10,000. */
  readonly connections?: number;
  /** Time that running requests have when the server closes, milliseconds. Default 5,000. */
  readonly graceMs?: number;
}

/** A collector that listens. */
export interface Serving {
  readonly url: string;
  /** Takes no more, lets what runs come to its end, closes the collector; the store stays open. */
  close(): Promise<void>;
}

function addressOf(incoming: IncomingMessage, trustProxy: boolean): string | undefined {
  const forwarded = trustProxy ? String(incoming.headers['x-forwarded-for'] ?? '') : '';
  return forwarded.split(',').at(-1)?.trim() || incoming.socket.remoteAddress;
}

/** Writes an answer as fast as the client reads it. */
async function send(answer: Response, outgoing: ServerResponse, incoming: IncomingMessage): Promise<void> {
  // What was not read of a refused body is not waited for.
  if (!incoming.complete && incoming.method !== 'GET') outgoing.setHeader('connection', 'close');
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
  const text = textOf(answer);
  if (text !== undefined || answer.body === null) {
    outgoing.end(text);
    return;
  }
  const reader = answer.body.getReader();
  outgoing.once('close', () => void reader.cancel().catch(() => undefined));
  for (;;) {
    const { done, value } = await reader.read();
    if (done || outgoing.destroyed) break;
    if (!outgoing.write(value)) await drained(outgoing);
  }
  outgoing.end();
}

/** Resolves when the client has read, or is gone. */
function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off('drain', done);
      outgoing.off('close', done);
      resolve();
    };
    outgoing.once('drain', done);
    outgoing.once('close', done);
  });
}

/**
 * A listener for the `request` event of a node:http server of one's own, for a shop whose server answers other paths itself.
 * Limits on headers, time and connections are then that server's.
 *
 * @param trustProxy As in {@link ServeOptions}.
 */
export function createListener(
  collector: Collector,
  trustProxy = false,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const address = addressOf(incoming, trustProxy);
    const info = address === undefined ? {} : { address };
    await send(await collector.handle(nodeRequest(incoming), info), outgoing, incoming);
  };
  const busy = new WeakSet<Socket>();
  return (incoming, outgoing) => {
    const { socket } = incoming;
    // One request at a time: whoever sends on without reading would have thousands answered into memory. Browsers and proxies wait.
    if (busy.has(socket)) {
      socket.destroy();
      return;
    }
    busy.add(socket);
    outgoing.once('finish', () => busy.delete(socket));
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  };
}

function createNodeServer(collector: Collector, options: ServeOptions): Server {
  const { headersMs = 10_000, requestMs = 30_000, connections = 10_000, trustProxy } = options;
  const limits = { headersTimeout: headersMs, requestTimeout: requestMs, connectionsCheckingInterval: 1000 };
  const server = createServer({ ...limits, maxHeaderSize: 16_384 }, createListener(collector, trustProxy));
  server.maxConnections = connections;
  server.keepAliveTimeout = 10_000;
  return server;
}

/** Serves a collector. */
export async function serve(collector: Collector, options: ServeOptions = {}): Promise<Serving> {
  const { port = 0, host = '127.0.0.1', graceMs = 5000 } = options;
  const server = createNodeServer(collector, options);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      await collector.close();
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(late);
    },
  };
}
