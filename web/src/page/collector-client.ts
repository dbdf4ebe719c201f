// SPDX-License-Identifier: MIT
// The requests that a page makes of a collector, and what their failures mean to a shopper.
import type {
  CommandsAnswer,
  PageCommand,
  Position,
  StreamAnswer,
  TeamStreamAnswer,
  UnansweredReason,
} from './contract.js';

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

function placeOf({ seq, head }: Position): URLSearchParams {
  return new URLSearchParams({ after: String(seq), ...(head === undefined ? {} : { head }) });
}

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

  /** Facts behind a place; from the beginning perhaps as a snapshot, and so where the facts up to that place are not the collector's. */
  async stream(name: string, { seq, head }: Position): Promise<StreamAnswer> {
    const query = seq > 0 ? `?${placeOf({ seq, head }).toString()}` : '';
    return this.#json<StreamAnswer>(await this.#ask(pathOf(name) + query, {}));
  }

  /** A team as everybody may see it. */
  async team(name: string): Promise<TeamStreamAnswer> {
    return this.#json<TeamStreamAnswer>(await this.#ask(pathOf(name), {}));
  }

  /** Facts as they are made, until the connection ends. */
  async events(name: string, after: Position, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const query = placeOf(after);
    query.set('stream', name);
    const headers = { accept: 'text/event-stream' };
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
    const token = await this.#token().catch(() => {
      throw new Unanswered('offline');
    });
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` };
    return ask(this.endpoint + path, { ...init, headers });
  }
}

/**
 * Asks a collector; without a signal of its own, the answer is awaited for 10 s.
 *
 * @throws Unanswered for whatever is no answer of a collector.
 */
export async function ask(url: string, init: RequestInit): Promise<Response> {
  const clock = new AbortController();
  const timer = init.signal ? undefined : setTimeout(() => clock.abort(), patience);
  let response: Response;
  try {
    response = await fetch(url, { signal: clock.signal, ...init });
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
