// SPDX-License-Identifier: MIT
/**
 * Serves the built demo: `node demo/server.mjs [--port 8080] [--host 127.0.0.1] [--data build/demo/together]`.
 *
 * `/` lets the page compile wasm; `/no-wasm/` is the same page under a policy that does not, so that the plain-JavaScript build answers.
 * `/together` is the page of two shoppers, behind which a collector and the demo's shop run in this process, with their data in a folder.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { createBackend } from './backend/backend.mjs';

const kTypes = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  webmanifest: 'application/manifest+json',
  json: 'application/json',
  wasm: 'application/wasm',
  gz: 'application/octet-stream',
  souk: 'application/octet-stream',
};

/** What is dense already, or small, goes as it is. */
const kCompressed = new Set(['html', 'js', 'css', 'svg', 'webmanifest', 'json', 'wasm', 'souk']);

/** The page that stands in frames of another one of ours. */
const kFramed = '/shopper.html';

/** The page's policy: its own files, nothing inline, no text that becomes script. */
export function policy(withWasm, path = '/index.html') {
  return [
    "default-src 'none'",
    `script-src 'self'${withWasm ? " 'wasm-unsafe-eval'" : ''}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${path === kFramed ? "'self'" : "'none'"}`,
    "require-trusted-types-for 'script'",
    'trusted-types souk-demo',
  ].join('; ');
}

function encodings(body, extension) {
  if (!kCompressed.has(extension) || body.length < 1024) return {};
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
  return { br: brotliCompressSync(body, { params: quality }), gzip: gzipSync(body, { level: 9 }) };
}

/** All files of a folder, read and compressed once: path → {body, encoded, headers}. */
export function loadFiles(folder) {
  const files = new Map();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const full = `${entry.parentPath ?? entry.path}/${entry.name}`;
    const path = full.slice(folder.length).replace(/^\/*/, '/');
    const extension = entry.name.split('.').at(-1);
    const body = readFileSync(full);
    const named = path.startsWith('/assets/');
    const headers = {
      'Content-Type': kTypes[extension] ?? 'application/octet-stream',
      'Cache-Control': named ? 'public, max-age=31536000, immutable' : 'no-cache',
      ETag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      Vary: 'Accept-Encoding',
    };
    files.set(path, { body, encoded: encodings(body, extension), headers });
  }
  return files;
}

function pathOf(url) {
  const path = decodeURIComponent(new URL(url, 'http://demo').pathname);
  const bare = path.startsWith('/no-wasm/') ? path.slice('/no-wasm'.length) : path;
  const file = bare.endsWith('/') ? `${bare}index.html` : bare;
  return { withWasm: bare === path, path: file === '/together' ? '/together.html' : file };
}

function pickEncoding(file, accepted = '') {
  return ['br', 'gzip'].find((name) => file.encoded[name] !== undefined && new RegExp(`\\b${name}\\b`).test(accepted));
}

function answer(files, request, response) {
  if (request.url === '/no-wasm') return response.writeHead(308, { Location: '/no-wasm/' }).end();
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return response.writeHead(405, { Allow: 'GET, HEAD' }).end();
  const { withWasm, path } = pathOf(request.url);
  const file = files.get(path);
  const common = {
    'Content-Security-Policy': policy(withWasm, path),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  };
  if (file === undefined)
    return response.writeHead(404, { ...common, 'Content-Type': 'text/plain' }).end('Not found\n');
  const headers = { ...common, ...file.headers };
  if (request.headers['if-none-match'] === headers.ETag) return response.writeHead(304, headers).end();
  const encoding = pickEncoding(file, request.headers['accept-encoding']);
  const body = encoding === undefined ? file.body : file.encoded[encoding];
  if (encoding !== undefined) headers['Content-Encoding'] = encoding;
  response
    .writeHead(200, { ...headers, 'Content-Length': body.length })
    .end(request.method === 'HEAD' ? undefined : body);
}

/**
 * Starts a server; port 0 takes a free one.
 *
 * @param {{ folder?: string, port?: number, host?: string, data?: string }} [options]  by default `dist` on 127.0.0.1:8080; without `data`, the
 *   folder of the backend, there is none
 * @returns {Promise<{ url: string, close: () => Promise<unknown> }>}
 */
export async function serve({
  folder = fileURLToPath(new URL('dist', import.meta.url)),
  port = 8080,
  host = '127.0.0.1',
  data,
} = {}) {
  const files = loadFiles(folder);
  const backend = data === undefined ? undefined : createBackend({ folder: data });
  const server = createServer((request, response) => {
    try {
      if (backend?.handle(request, response, new URL(request.url, 'http://demo'))) return;
      answer(files, request, response);
    } catch {
      response.writeHead(400).end();
    }
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const taken = server.address().port;
  await backend?.start(`http://127.0.0.1:${taken}`);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/`,
    async close() {
      await backend?.close();
      return new Promise((done) => server.close(done).closeAllConnections());
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8080' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string', default: fileURLToPath(new URL('../build/demo/together', import.meta.url)) },
    },
  });
  const { url } = await serve({ port: Number(values.port), host: values.host, data: values.data }).catch((error) => {
    console.error(`demo: ${error.message}`);
    process.exit(1);
  });
  console.log(`The demo is at ${url} (and at ${url}no-wasm/ without WebAssembly), two shoppers at ${url}together`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));
}
