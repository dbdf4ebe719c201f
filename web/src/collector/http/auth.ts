// SPDX-License-Identifier: MIT
// Whose request it is. A member's token is checked once; until it ends, the same text is known again.
import type { Clock } from '../clock.js';
import { ServerError } from '../../server/errors.js';
import type { KeySet } from '../../server/keys.js';
import { maxSkewSeconds, type Member, verifyMemberToken } from '../../server/token.js';
import { HttpError } from './answer.js';
import type { IncomingRequest } from './incoming.js';

const maxKnown = 10_000;

const challenge = { headers: { 'www-authenticate': 'Bearer' } };

/** The token of a request: in the header, or for event streams in the query, where pages cannot set headers. */
function tokenOf(request: IncomingRequest, query: URLSearchParams | undefined): string {
  const token = /^Bearer ([^\s]+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? query?.get('token');
  if (token === undefined || token === null) {
    throw new HttpError(401, 'missing-token', 'A member token is required: Authorization: Bearer <token>.', challenge);
  }
  return token;
}

/** What tokens are checked against. */
export interface AuthorityOptions {
  readonly keys: KeySet;
  readonly tenant: string;
  readonly clock: Clock;
}

/** Checks tokens. */
export class Authority {
  readonly #options: AuthorityOptions;
  readonly #known = new Map<string, Member>();

  constructor(options: AuthorityOptions) {
    this.#options = options;
  }

  /**
   * The member that a request comes from.
   *
   * @param query The query that may carry the token; absent where only the header may.
   * @throws HttpError 401 with the token's refusal
   */
  async member(request: IncomingRequest, query?: URLSearchParams): Promise<Member> {
    const token = tokenOf(request, query);
    const now = this.#options.clock.now();
    const known = this.#known.get(token);
    if (known !== undefined && now < (known.expiresAt + maxSkewSeconds) * 1000) return known;
    try {
      return this.#remember(token, await verifyMemberToken(token, { ...this.#options, now }));
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      throw new HttpError(401, error.code, error.message, challenge);
    }
  }

  #remember(token: string, member: Member): Member {
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(token, member);
    return member;
  }
}

/** Where a write key may stand beside headers. */
export interface WriteKeyPlaces {
  /** The member `writeKey` of the body. */
  readonly inBody: unknown;
  /** The query, which a beacon has in place of headers. */
  readonly query: URLSearchParams;
}

/** A write key without what stands behind its colon: the password of Basic, and the secret that Jitsu's SDK insists on. */
const withoutSecret = (text: string): string => text.split(':')[0] ?? '';

/** The public write key: the user of Basic authentication, Jitsu's `X-Write-Key`, a member of the body, or RudderStack's beacon's query. */
export function writeKeyOf({ headers }: IncomingRequest, { inBody, query }: WriteKeyPlaces): string | undefined {
  const basic = /^Basic ([A-Za-z0-9+/]+={0,2})$/.exec(headers.get('authorization') ?? '')?.[1];
  if (basic !== undefined) return basicUser(basic);
  const own = headers.get('x-write-key');
  if (own !== null) return withoutSecret(own);
  return typeof inBody === 'string' ? inBody : (query.get('writeKey') ?? undefined);
}

function basicUser(encoded: string): string | undefined {
  try {
    return withoutSecret(atob(encoded));
  } catch {
    return undefined;
  }
}
