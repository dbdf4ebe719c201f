// SPDX-License-Identifier: MIT
// `souk/reporter`: behaviour events to any Segment-compatible receiver, each at least once on the wire and once by its id, through an outbox
// that survives the page. Nothing happens on import; nothing is written or sent before consent.
import { Outbox } from './outbox.js';
import { Runtime } from './runtime.js';
import { addCounts, memoryBytes, type Consent, type Counts, type DropReason, type Outcome } from './state.js';
import type { Receiver } from './transport.js';
import { uuidv7 } from './uuid.js';

export type { Consent, Counts, DropReason, Outcome };

/** Free values of an event, as Segment has them: anything that JSON can say. */
export type Properties = Readonly<Record<string, unknown>>;

/** How a reporter is set up. */
export interface ReporterOptions extends Receiver {
  /** The shopper's answer so far. Default `pending`: events wait in this page's memory. */
  readonly consent?: Consent;
  /** Whether Global Privacy Control counts as a denial, whatever `consent` says. Default true. */
  readonly respectPrivacyControl?: boolean;
  /** The shop's own pseudonym of the visitor. Default: one made here and kept in the outbox. */
  readonly anonymousId?: string;
  /** Name of the outbox; reporters of one name share it. Default `souk-reporter`. */
  readonly name?: string;
}

/** What became of an event. */
export interface Receipt {
  /** UUID version 7, made once; receivers know a repeated event by it. */
  readonly messageId: string;
  /** `stored`: on the disk, and will arrive. `held`: in this page's memory only. Else why it was dropped. */
  readonly outcome: Outcome;
}

/** What waits and what was dropped, of all pages of this origin. */
export interface ReporterStats {
  /** Events on the disk. */
  readonly stored: number;
  /** Their bytes; at most 1 MiB. */
  readonly bytes: number;
  /** Events in this page's memory only. */
  readonly held: number;
  /** Exact, by reason, since the outbox was made or erased. */
  readonly dropped: Counts;
}

/** Reports what the shopper does. No method ever throws or rejects. */
export interface Reporter {
  /** Something was done, for example `Product Viewed`. */
  track(event: string, properties?: Properties): Promise<Receipt>;
  /** A page was seen. */
  page(name?: string, properties?: Properties): Promise<Receipt>;
  /** Who the visitor is; later events of this page carry the id. */
  identify(userId: string, traits?: Properties): Promise<Receipt>;
  /** What the visitor belongs to. */
  group(groupId: string, traits?: Properties): Promise<Receipt>;
  /** Two ids are one visitor. */
  alias(userId: string, previousId?: string): Promise<Receipt>;
  /** Settles when this page has written all it has and, as the sender, sent or tried to send all there is. */
  flush(): Promise<void>;
  /** The shopper's answer; it holds for the other tabs too. Denial erases the outbox. */
  setConsent(consent: Consent): void;
  /** What waits and what was dropped. */
  stats(): Promise<ReporterStats>;
  /** Ends every timer, listener, lock and connection. Stored events stay for the next visit. */
  destroy(): void;
}

type Kind = 'track' | 'page' | 'identify' | 'group' | 'alias';

const encoder = new TextEncoder();
/** The anonymous id is set in when the event is sent. */
const stampBytes = 64;

function context(): object {
  const { title, referrer } = document;
  const { href, pathname, search } = location;
  const page = { path: pathname, referrer, search, title, url: href };
  return { library: { name: 'souk', version: '0.1.0' }, locale: navigator.language, page };
}

/** Empty where an event has no JSON form: a circle, a bigint. */
function asJson(event: object): string {
  try {
    return JSON.stringify(event);
  } catch {
    return '';
  }
}

const refusesTracking = (): boolean => (navigator as { globalPrivacyControl?: unknown }).globalPrivacyControl === true;

/**
 * Starts reporting. Never throws: where storage or locks are refused the reporter works from memory.
 *
 * @example
 * const reporter = createReporter({ endpoint: '/souk', writeKey: 'pk_1', consent: 'granted' });
 * await reporter.track('Product Viewed', { product_id: '85123A' });
 */
export function createReporter(options: ReporterOptions): Reporter {
  const { name = 'souk-reporter', endpoint, writeKey, anonymousId } = options;
  const allowed = (consent: Consent): Consent =>
    options.respectPrivacyControl !== false && refusesTracking() ? 'denied' : consent;
  const outbox = new Outbox(name, memoryBytes);
  const runtime = new Runtime(name, { endpoint, writeKey }, outbox, allowed(options.consent ?? 'pending'));
  let userId: string | undefined;

  async function report(type: Kind, fields: object): Promise<Receipt> {
    const messageId = uuidv7();
    const who = anonymousId === undefined ? {} : { anonymousId };
    const event = {
      ...who,
      messageId,
      type,
      timestamp: new Date().toISOString(),
      userId,
      context: context(),
      ...fields,
    };
    const text = asJson(event);
    const outcome = runtime.outcome(messageId);
    runtime.dispatch({ type: 'track', entry: { id: messageId, text, size: encoder.encode(text).length + stampBytes } });
    return { messageId, outcome: await outcome };
  }

  return {
    track: (event, properties = {}) => report('track', { event, properties }),
    page: (pageName, properties = {}) => report('page', { name: pageName, properties }),
    identify: (id, traits = {}) => {
      userId = id;
      return report('identify', { traits, userId });
    },
    group: (groupId, traits = {}) => report('group', { groupId, traits }),
    alias: (id, previousId = userId ?? anonymousId ?? outbox.anonymousId) =>
      report('alias', { previousId, userId: id }),
    flush: () => runtime.flush(),
    setConsent: (consent) => {
      const effective = allowed(consent);
      runtime.dispatch({ type: 'consent', consent: effective });
      runtime.say({ say: 'consent', consent: effective });
    },
    stats: async () => {
      const disk = await outbox.stats().catch(() => ({ count: 0, bytes: 0, dropped: {} }));
      const { memory, commit, counts } = runtime.state;
      const held = memory.length + (commit?.add.length ?? 0);
      return { stored: disk.count, bytes: disk.bytes, held, dropped: addCounts(disk.dropped, counts) };
    },
    destroy: () => runtime.destroy(),
  };
}
