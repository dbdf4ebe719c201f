// SPDX-License-Identifier: MIT
// Answers and refusals of the HTTP side.

/** A request that is refused: its status and its code, which never changes its meaning. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { readonly path?: string; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.path = more.path ?? '';
    this.headers = more.headers ?? {};
  }
}

/** Too much at this moment; come again after so many seconds. */
export function later(status: 429 | 503, code: string, message: string, seconds: number): HttpError {
  return new HttpError(status, code, message, { headers: { 'retry-after': String(Math.max(1, Math.ceil(seconds))) } });
}

/** Answers are of one moment and of one member. */
const unstored = { 'cache-control': 'no-store' };

/** Where an answer keeps its text; a registered name, because the server for Node is a bundle of its own. */
const textKey = Symbol.for('souk.text');

/** The whole text of an answer that {@link json} made: a host writes it at once in place of reading a stream. */
export function textOf(answer: Response): string | undefined {
  return answer.bodyUsed ? undefined : (answer as { readonly [textKey]?: string })[textKey];
}

/** A JSON answer. */
export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  const text = JSON.stringify(value);
  const answer = new Response(text, {
    status,
    headers: { 'content-type': 'application/json', ...unstored, ...headers },
  });
  return Object.assign(answer, { [textKey]: text });
}

/** The answer that tells of a refusal. */
export function refusalAnswer({ status, code, path, message, headers }: HttpError): Response {
  return json({ error: { code, path, message } }, status, headers);
}
