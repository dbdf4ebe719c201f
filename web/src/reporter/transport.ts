// SPDX-License-Identifier: MIT
// Segment's batch protocol. The write key is in the body always, so that a request of a page that is being left needs no header and thus no
// preflight, which could not finish any more.
import type { Answer, Entry, Lease } from './state.js';

/** Where events go, and as whom. */
export interface Receiver {
  /** Base URL; `/v1/batch` is added. */
  readonly endpoint: string;
  readonly writeKey: string;
}

/** An answer is awaited for so long, milliseconds. */
const patience = 10_000;

/** The body: the events as they were stored, the anonymous id set in where an event names none. */
export function batchText(
  { writeKey }: Receiver,
  entries: readonly Entry[],
  anonymousId: string,
  lease?: Lease,
): string {
  const stamp = `{"anonymousId":${JSON.stringify(anonymousId)},`;
  const batch = entries.map(({ text }) => (text.startsWith('{"anonymousId":') ? text : stamp + text.slice(1)));
  const sender = lease ? `,"sender":${JSON.stringify(lease)}` : '';
  const key = JSON.stringify(writeKey);
  return `{"writeKey":${key},"sentAt":"${new Date().toISOString()}"${sender},"batch":[${batch.join(',')}]}`;
}

/** Retry-After in seconds or as an HTTP date; the date is compared with the receiver's own clock where it tells that. */
function retryAfter(headers: Headers): { readonly retryAfter?: number } {
  const text = headers.get('retry-after');
  if (!text) return {};
  const now = Date.parse(headers.get('date') ?? '') || Date.now();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return ms >= 0 ? { retryAfter: Math.min(ms, 3_600_000) } : {};
}

const strings = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;

/** Reads the answer's body; a page of HTML is not from a receiver but from a hotel's wireless network. */
async function read(response: Response): Promise<Answer> {
  const { status, headers } = response;
  const answer = { status, ...retryAfter(headers) };
  if (!response.ok && status !== 409) return answer;
  if (headers.get('content-type')?.includes('html')) return { status: 0 };
  const text = await response.text();
  let body: Partial<Record<'accepted' | 'rejected' | 'error', unknown>> | undefined;
  try {
    body = JSON.parse(text) as typeof body;
  } catch {
    return answer;
  }
  if (typeof body !== 'object' || body === null) return answer;
  const accepted = strings(body.accepted);
  const rejected = Array.isArray(body.rejected)
    ? strings(body.rejected.map((item: unknown) => (item as { messageId?: unknown } | null)?.messageId))
    : undefined;
  const fenced = (body.error as { code?: unknown } | undefined)?.code === 'fenced';
  return { ...answer, fenced, ...(accepted && { accepted }), ...(rejected && { rejected }) };
}

/**
 * Sends a batch and reads the answer. Never rejects: whatever fails is status 0.
 * @param leaving Whether the request shall outlive the page.
 */
export async function post(receiver: Receiver, body: string, leaving: boolean): Promise<Answer> {
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), patience);
  try {
    const key = btoa(String.fromCharCode(...new TextEncoder().encode(`${receiver.writeKey}:`)));
    const response = await fetch(`${receiver.endpoint}/v1/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${key}` },
      body,
      keepalive: leaving,
      credentials: 'omit',
      signal: clock.signal,
    });
    return await read(response);
  } catch {
    return { status: 0 };
  } finally {
    clearTimeout(timer);
  }
}

/** Sends from a page that is being left. Nobody hears the answer: `true` of the browser promises nothing, so nothing is deleted. */
export function beacon(receiver: Receiver, body: string): void {
  const url = `${receiver.endpoint}/v1/batch`;
  const type = 'text/plain';
  try {
    if (navigator.sendBeacon(url, new Blob([body], { type }))) return;
    fetch(url, { method: 'POST', body, headers: { 'content-type': type }, keepalive: true }).catch(() => undefined);
  } catch {
    // The outbox still has it.
  }
}
