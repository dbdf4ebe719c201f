// SPDX-License-Identifier: MIT
// Debian's Chromium under playwright-core, and a server for pages under a strict Content-Security-Policy.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** What a shop with a strict policy sends. */
export const strictPolicy =
  "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; require-trusted-types-for 'script'";
/** The same with the one token that compiling wasm needs. */
export const wasmPolicy = strictPolicy.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'");

/** Starts the browser of this machine: $SOUK_CHROMIUM, else Debian's. */
export function launch(): Promise<Browser> {
  const quiet = [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return chromium.launch({
    executablePath: process.env.SOUK_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', ...quiet],
  });
}

/** A server of one folder; `/` is an empty page. Each path may have a policy of its own. */
export interface SiteServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves a folder on loopback. `html` maps paths to pages; every answer carries the policy. */
export async function serve(
  folder: string,
  policy: string,
  html: Readonly<Record<string, string>> = {},
): Promise<SiteServer> {
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    try {
      const body =
        path === '/' ? '<!doctype html><title>Shop</title>' : (html[path] ?? readFileSync(join(folder, path)));
      const type = path === '/' ? contentTypes['.html'] : (contentTypes[extname(path)] ?? 'application/octet-stream');
      response.writeHead(200, { 'content-type': type ?? '', 'content-security-policy': policy });
      response.end(body);
    } catch {
      response.writeHead(path === '/favicon.ico' ? 204 : 404, { 'content-type': 'text/html' });
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** What a page did beside its work. */
export interface PageLog {
  /** Paths that it requested, in order, without the page itself and the icon. */
  readonly requests: string[];
  /** Errors on its console and uncaught ones. */
  readonly errors: string[];
}

/** Opens a page of a site and watches it. */
export async function openPage(browser: Browser, site: SiteServer, path = '/'): Promise<{ page: Page; log: PageLog }> {
  const page = await browser.newPage();
  const log: PageLog = { requests: [], errors: [] };
  page.on('request', (request) => {
    const requested = request.url().replace(site.origin, '');
    if (requested !== path && requested !== '/favicon.ico') log.requests.push(requested);
  });
  page.on('pageerror', (error) => log.errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') log.errors.push(message.text());
  });
  await page.goto(`${site.origin}${path}`);
  return { page, log };
}
