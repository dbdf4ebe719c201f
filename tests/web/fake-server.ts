// SPDX-License-Identifier: MIT
// A server that serves the wasm file well or badly, for the loader's faults.
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How one path answers. */
export type Answer = (response: ServerResponse) => void;

/** A running server on loopback. */
export interface FakeServer {
  /** The absolute address of a path. */
  url(path: string): string;
  /** Requests seen so far, by path. */
  readonly requests: string[];
  close(): Promise<void>;
}

function send(status: number, type: string | undefined, body: string | Uint8Array): Answer {
  return (response) => {
    response.writeHead(status, type === undefined ? {} : { 'content-type': type });
    response.end(body);
  };
}

/** Serves each path by its answer; an unknown path is 404 with an HTML page. */
export async function startServer(answers: Readonly<Record<string, Answer>>): Promise<FakeServer> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    requests.push(request.url ?? '');
    (answers[request.url ?? ''] ?? send(404, 'text/html', '<!doctype html>Not found'))(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Every fault that a wasm file meets on its way, by path. */
export function wasmFaults(wasm: Uint8Array): Readonly<Record<string, Answer>> {
  return {
    '/good.wasm': send(200, 'application/wasm', wasm),
    '/octets.wasm': send(200, 'application/octet-stream', wasm),
    '/untyped.wasm': send(200, undefined, wasm),
    '/page.wasm': send(200, 'text/html', '<!doctype html><title>App</title>'),
    '/page-as-wasm.wasm': send(200, 'application/wasm', '<!doctype html><title>App</title>'),
    '/cut.wasm': send(200, 'application/wasm', wasm.subarray(0, wasm.length >> 1)),
    '/cut-octets.wasm': send(200, 'application/octet-stream', wasm.subarray(0, wasm.length >> 1)),
    '/empty.wasm': send(200, 'application/octet-stream', ''),
    '/error.wasm': send(500, 'text/plain', 'broken'),
    '/stall.wasm': () => undefined,
    '/stall-body.wasm': (response) => {
      response.writeHead(200, { 'content-type': 'application/wasm' });
      response.write(wasm.subarray(0, 100));
    },
    '/break.wasm': (response) => {
      response.writeHead(200, { 'content-type': 'application/wasm', 'content-length': String(wasm.length) });
      response.write(wasm.subarray(0, 100), () => response.destroy());
    },
  };
}
