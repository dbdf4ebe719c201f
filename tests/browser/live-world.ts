// SPDX-License-Identifier: MIT
// A shop's page before the real collector. A small proxy stands between, so that one collector can be put in place of another, and the network
// can be broken.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request as ask, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve, type Serving } from 'souk/collector/node';
import type { CollectorOptions, Store } from 'souk/collector';
import type { BrowserContext, Page } from 'playwright-core';
import { createWorld, openTemporaryStore, type World } from '../collector/world.js';

const dist = fileURLToPath(new URL('../../web/dist', import.meta.url));
const html =
  '<!doctype html><title>Shop</title><script type="module">' +
  "import * as souk from '/index.js'; import * as page from '/page.js'; Object.assign(globalThis, souk, page);</script>";

/** A collector with its database, behind an address of its own. */
export interface Backend {
  readonly world: World;
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a collector on a database of its own, or on one that is given. */
export async function startBackend(options: Partial<CollectorOptions> = {}, on?: Store): Promise<Backend> {
  const opened = on ? { store: on, close: () => Promise.resolve() } : await openTemporaryStore();
  const world = await createWorld(opened.store, options);
  const serving: Serving = await serve(world.collector, { graceMs: 100 });
  const close = async () => {
    await serving.close();
    await opened.close();
  };
  return { world, url: serving.url, close };
}

/** A request as the proxy saw it. */
export interface Passed {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  status?: number;
}

/** The shop's origin: pages, and its collector under `/souk`. */
export class Site {
  origin = '';
  /** What happens to a request instead of reaching the collector. */
  fault: (path: string) => 'lost' | 503 | undefined = () => undefined;
  readonly passed: Passed[] = [];
  readonly #open = new Set<ServerResponse>();
  readonly #server: Server;

  constructor(public backend: Backend) {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.closeAllConnections();
      this.#server.close(() => resolve());
    });
  }

  /** Event streams that stand open. */
  get following(): readonly string[] {
    return [...this.#open].map(({ req }) => req.url ?? '').filter((path) => path.includes('/v1/events'));
  }

  /** Breaks every connection to the collector. */
  cut(): void {
    for (const response of this.#open) response.destroy();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    const [, member] = /^\/token\/(.+)$/.exec(path) ?? [];
    if (member !== undefined) response.end(await this.backend.world.token(member));
    else if (path.startsWith('/souk/')) this.#pass(request, response, path.slice('/souk'.length));
    else if (/\.(js|wasm)$/.test(path)) {
      response.setHeader('content-type', path.endsWith('.js') ? 'text/javascript' : 'application/wasm');
      response.end(readFileSync(join(dist, path)));
    } else {
      response.setHeader('content-type', 'text/html');
      response.end(html);
    }
  }

  #pass(request: IncomingMessage, response: ServerResponse, path: string): void {
    const { method = 'GET', headers } = request;
    const passed: Passed = { path, headers };
    this.passed.push(passed);
    const fault = this.fault(path);
    if (fault === 'lost') response.destroy();
    else if (fault !== undefined) response.writeHead(fault, { 'content-type': 'application/json' }).end('{}');
    if (fault !== undefined) return;
    this.#open.add(response);
    const onward = ask(`${this.backend.url}${path}`, { method, headers }, (answer) => {
      passed.status = answer.statusCode ?? 0;
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('close', () => response.end());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => {
      this.#open.delete(response);
      onward.destroy();
    });
    request.pipe(onward);
  }
}

/** Opens a page of the site, with the package's exports as globals. */
export async function visitSite(context: BrowserContext, site: Site, before?: () => void): Promise<Page> {
  const page = await context.newPage();
  if (before) await page.addInitScript(before);
  await page.goto(`${site.origin}/`);
  await page.waitForFunction(() => 'openTeam' in globalThis);
  return page;
}

/** Settles when a promise of the test's own side has come true; asked again and again, because nothing tells of it. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
