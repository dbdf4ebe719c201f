// SPDX-License-Identifier: MIT
// The requests that a page makes of a collector, and what their failures mean to a shopper.
import type { CommandsAnswer, PageCommand, StreamAnswer, TeamStreamAnswer, UnansweredReason } from './contract.js';

/** Why a request brought no answer. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
  constructor(
    readonly reason: UnansweredReason,
    /** The collector's Retry-After, milliseconds. */
    readonly retryAfter?: number,
    /** The collector blames the request itself: it is of no use to repeat it. */
    readonly blamed = false,
    /** The collector's own word for it. */
    readonly code = '',
  ) {
    super(reason);
  }
}

/** An answer is awaited for so long, milliseconds. */
const patience = 10_000;

function meaning(status: number): UnansweredReason {
  if (status === 401 || status === 403) return 'signed-out';
  return status === 404 || status === 405 || status === 501 ? 'needs-backend' : 'busy';
}

const pathOf = (stream: string): string => `/v1/streams/${stream.split('/').map(encodeURIComponent).join('/')}`;

/** The code of a refusal, where the answer is the collector's own. */
async function codeOf(response: Response): Promise<string> {
  try {
    return ((await response.json()) as { readonly error: { readonly code: string } }).error.code;
  } catch {
    return '';
  }
}

/** A collector as one member sees it. */
export class CollectorClient {
  readonly endpoint: string;
  readonly #token: () => Promise<string>;

  constructor(endpoint: string, token: () => Promise<string>) {
    this.endpoint = endpoint;
    this.#token = token;
  }

  /** Decides commands, at most 50. The same id again gets the same verdict. */
  async commands(commands: readonly PageCommand[]): Promise<CommandsAnswer> {
    const body = JSON.stringify({ commands });
    const response = await this.#ask('/v1/commands', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    return this.#json<CommandsAnswer>(response);
  }

  /** Facts after a sequence number; 0: from the beginning, perhaps as a snapshot. */
  async stream(name: string, after: number): Promise<StreamAnswer> {
    return this.#json<StreamAnswer>(await this.#ask(pathOf(name) + (after > 0 ? `?after=${after}` : ''), {}));
  }

  /** A team as everybody may see it. */
  async team(name: string): Promise<TeamStreamAnswer> {
    return this.#json<TeamStreamAnswer>(await this.#ask(pathOf(name), {}));
  }

  /** Facts as they are made, until the connection ends. */
  async events(name: string, after: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const query = new URLSearchParams({ stream: name, after: String(after) });
    const headers = { accept: 'text/event-stream', 'last-event-id': `${name}@${after}` };
    const { body } = await this.#ask(`/v1/events?${query.toString()}`, { headers, signal });
    if (!body) throw new Unanswered('offline');
    return body;
  }

  async #json<T>(response: Response): Promise<T> {
    try {
      return (await response.json()) as T;
    } catch {
      throw new Unanswered('offline');
    }
  }

  async #ask(path: string, init: RequestInit): Promise<Response> {
    const clock = new AbortController();
    const timer = init.signal ? undefined : setTimeout(() => clock.abort(), patience);
    let response: Response;
    try {
      const token = await this.#token();
      const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` };
      response = await fetch(this.endpoint + path, { signal: clock.signal, ...init, headers });
    } catch {
      throw new Unanswered('offline');
    } finally {
      clearTimeout(timer);
    }
    if (response.ok && !response.headers.get('content-type')?.includes('html')) return response;
    const seconds = Number(response.headers.get('retry-after') ?? NaN);
    const status = response.ok ? 404 : response.status;
    const code = response.ok ? '' : await codeOf(response);
    const reason = code === 'unknown-team' ? 'unknown' : meaning(status);
    const retryAfter = seconds >= 0 ? seconds * 1000 : undefined;
    throw new Unanswered(reason, retryAfter, [400, 413, 422].includes(status), code);
  }
}
