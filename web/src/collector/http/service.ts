// SPDX-License-Identifier: MIT
// The program, the time, and what operators look at.
import { openApi } from '../openapi/document.js';
import { json } from './answer.js';
import { type Call, type Context, unavailable } from './context.js';

/** `GET /v1/program` */
export function getProgram(context: Context, { request }: Call): Response {
  const { hash, text, since } = context.program();
  const headers = { etag: `"${hash}"`, 'cache-control': 'no-cache', 'souk-program-since': String(since) };
  if (request.headers.get('if-none-match') === `"${hash}"`) return new Response(null, { status: 304, headers });
  return new Response(text, { headers: { ...headers, 'content-type': 'application/json' } });
}

/** `GET /v1/time` */
export function getTime({ clock }: Context): Response {
  return json({ now: clock.now() });
}

/** `GET /health`: whether commands could be decided now. */
export async function getHealth({ store, clock, ids }: Context): Promise<Response> {
  try {
    await store.query('select 1');
  } catch {
    throw unavailable();
  }
  return json({ status: 'ok', now: clock.now(), store: store.kind, seedCommitment: ids.commitment });
}

/** `GET /metrics` */
export function getMetrics({ metrics }: Context): Response {
  return new Response(metrics.text(), {
    headers: { 'content-type': 'text/plain; version=0.0.4', 'cache-control': 'no-store' },
  });
}

const documents = new Map<string, ReturnType<typeof openApi>>();

/** `GET /openapi.json`; the description is made once for each base. */
export function getOpenApi({ options }: Context): Response {
  const { base = '' } = options;
  const document = documents.get(base) ?? openApi(base);
  documents.set(base, document);
  return json(document);
}
