// SPDX-License-Identifier: MIT
// From a request to its endpoint, and from whatever happens there to an answer, a log line and numbers.
import { errorText } from '../log.js';
import { HttpError, refusalAnswer } from './answer.js';
import { postBatch, postOne } from './behaviour.js';
import { getVerdicts, postCommands } from './commands.js';
import { postCommerce } from './commerce.js';
import type { Context, Endpoint } from './context.js';
import type { IncomingRequest } from './incoming.js';
import { getHealth, getMetrics, getOpenApi, getProgram, getTime } from './service.js';
import { getEvents, getStream } from './streams.js';

interface Route {
  readonly method: 'GET' | 'POST';
  /** As logs, metrics and the OpenAPI document name it. */
  readonly name: string;
  readonly pattern: RegExp;
  readonly endpoint: Endpoint;
}

const route = (method: 'GET' | 'POST', name: string, pattern: RegExp, endpoint: Endpoint): Route => ({
  method,
  name,
  pattern,
  endpoint,
});

const routes: readonly Route[] = [
  route('POST', '/v1/commands', /^\/v1\/commands$/, postCommands),
  route('GET', '/v1/verdicts', /^\/v1\/verdicts$/, getVerdicts),
  route('GET', '/v1/streams/{kind}/{id}', /^\/v1\/streams\/([^/]+)\/([^/]+)$/, getStream),
  route('GET', '/v1/events', /^\/v1\/events$/, getEvents),
  route('GET', '/v1/program', /^\/v1\/program$/, getProgram),
  route('GET', '/v1/time', /^\/v1\/time$/, getTime),
  route('POST', '/v1/batch', /^\/v1\/(?:batch|b)$/, postBatch),
  route('POST', '/v1/{type}', /^\/v1\/(track|t|page|p|identify|i|group|g|alias|a|screen|s)$/, postOne),
  route('POST', '/beacon/v1/batch', /^\/beacon\/v1\/batch$/, postBatch), // RudderStack, by sendBeacon
  route('POST', '/api/s/{type}', /^\/api\/s\/(track|page|identify|group|alias|screen)$/, postOne), // Jitsu
  route('POST', '/v1/commerce', /^\/v1\/commerce$/, postCommerce),
  route('GET', '/health', /^\/health$/, getHealth),
  route('GET', '/metrics', /^\/metrics$/, getMetrics),
  route('GET', '/openapi.json', /^\/openapi\.json$/, getOpenApi),
];

/** What the host knows of a request beside the request. */
export interface RequestInfo {
  /** The client's address: behaviour is limited by it. It is neither stored nor logged. */
  readonly address?: string;
}

/** The route of a request; 404 and 405 are refusals like any other. */
function find(method: string, path: string): { readonly found: Route; readonly parts: string[] } {
  const matching = routes.filter(({ pattern }) => pattern.test(path));
  const found = matching.find((one) => one.method === method);
  if (found !== undefined) return { found, parts: (found.pattern.exec(path) ?? []).slice(1) };
  if (matching.length === 0) throw new HttpError(404, 'unknown-route', 'Nothing answers here.');
  const allow = matching.map((one) => one.method).join(', ');
  throw new HttpError(405, 'wrong-method', `Here one may ${allow}.`, { headers: { allow } });
}

/** An unexpected error is answered by 503, because the same request may be sent again: commands and events keep their ids. */
function asHttpError(context: Context, error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  context.log('error', 'unexpected', { error: errorText(error) });
  return new HttpError(503, 'unavailable', 'The collector could not answer; send the same again.', {
    headers: { 'retry-after': '1' },
  });
}

/** Adds what pages of other sites need to read an answer. */
function shared(context: Context, request: IncomingRequest, answer: Response): Response {
  const origin = request.headers.get('origin');
  if (origin === null || !context.options.origins?.includes(origin)) return answer;
  answer.headers.set('access-control-allow-origin', origin);
  answer.headers.append('vary', 'Origin');
  answer.headers.set('access-control-expose-headers', 'etag, retry-after, souk-program-since');
  return answer;
}

/** What pages of other sites may send: what ours need, then what the SDKs of Segment, Jitsu and RudderStack add, some only when they send again. */
const allowedHeaders = [
  ...['authorization', 'content-type', 'content-encoding', 'last-event-id'],
  'x-retry-count',
  ...['x-write-key', 'x-ip-policy', 'x-enable-debug'],
  ...['anonymousid', 'sentat', 'rsa-recovered', 'rsa-retry-attempt', 'rsa-retry-reason'],
  ...['rsa-since-first-attempt', 'rsa-since-last-attempt'],
].join(', ');

function preflight(): Response {
  const headers = {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': allowedHeaders,
    'access-control-max-age': '600',
  };
  return new Response(null, { status: 204, headers });
}

/** A handler of requests on a context. */
export function createHandler(context: Context): (request: IncomingRequest, info?: RequestInfo) => Promise<Response> {
  const base = context.options.base ?? '';
  const pathOf = (url: URL) => (url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : '');
  return async (request, info = {}) => {
    const started = performance.now();
    let name = 'unknown';
    let code: string | undefined;
    const run = async (): Promise<Response> => {
      if (request.method === 'OPTIONS') return preflight();
      const url = new URL(request.url);
      const { found, parts } = find(request.method, pathOf(url));
      name = found.name;
      return found.endpoint(context, { request, url, parts, address: info.address });
    };
    const answer = await run().catch((error: unknown) => {
      const refusal = asHttpError(context, error);
      code = refusal.code;
      return refusalAnswer(refusal);
    });
    note(context, { route: name, method: request.method, status: answer.status, started, code });
    return shared(context, request, answer);
  };
}

interface Noted {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly started: number;
  readonly code: string | undefined;
}

function note({ metrics, log }: Context, { route: name, method, status, started, code }: Noted): void {
  const ms = Math.round((performance.now() - started) * 10) / 10;
  metrics.count('souk_requests_total', { route: name, status });
  metrics.observe(ms / 1000);
  if (code !== undefined) metrics.count('souk_refusals_total', { code });
  const refused = code === undefined ? {} : { code };
  log(status >= 500 ? 'error' : code === undefined ? 'info' : 'warn', 'request', {
    route: name,
    method,
    status,
    ms,
    ...refused,
  });
}
