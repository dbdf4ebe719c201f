// SPDX-License-Identifier: MIT
// The shapes of the HTTP side, as JSON Schema (2020-12). Commands, facts and programs are the engine's: engine/json/PROTOCOL.md.

/** A schema, as far as this document uses them. */
export interface Schema {
  readonly [member: string]: unknown;
}

const text: Schema = { type: 'string' };
const count: Schema = { type: 'integer', minimum: 0 };
/** Milliseconds since the epoch. */
const instant: Schema = { type: 'integer', description: 'Milliseconds since the epoch, by the collector’s clock.' };

/** An object whose members are all known. */
export function object(
  required: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

/** A list. */
export const list = (items: Schema): Schema => ({ type: 'array', items });

/** A schema by its name. */
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** All named schemas. */
export const schemas: Readonly<Record<string, Schema>> = {
  Refusal: object({ code: { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' }, path: text, message: text }),
  Error: object({ error: ref('Refusal') }),
  SequenceRange: object({ stream: text, first: count, last: count }),
  Verdict: object(
    { id: text, outcome: { enum: ['accepted', 'refused'] }, seqs: list(ref('SequenceRange')) },
    { code: text, path: text, message: text },
  ),
  Fact: {
    type: 'object',
    description: 'A fact of the engine’s table.',
    required: ['kind', 'id', 'stream', 'seq', 'at', 'command', 'commandHash', 'program', 'engine'],
    properties: { kind: text, id: text, stream: text, seq: count, at: instant, command: text },
  },
  Command: {
    type: 'object',
    description: 'A command of the engine’s table, without `at`. Author and instant are set by the collector.',
    required: ['kind', 'id', 'account'],
    properties: { kind: text, id: text, account: text },
  },
  Commands: object({ commands: { ...list(ref('Command')), minItems: 1, maxItems: 50 } }),
  Result: { oneOf: [object({ id: text, verdict: ref('Verdict') }), object({ id: text, error: ref('Refusal') })] },
  Results: object({
    now: instant,
    results: list(ref('Result')),
    facts: { type: 'object', additionalProperties: list(ref('Fact')) },
  }),
  Verdicts: object({ now: instant, verdicts: list(ref('Verdict')) }),
  Stream: object(
    { now: instant, stream: text, seq: count, head: text, facts: list(ref('Fact')) },
    { snapshot: { type: 'string', contentEncoding: 'base64' }, more: { const: true }, forked: { const: true } },
  ),
  TeamSeat: object({ position: count, name: text, initiator: { type: 'boolean' }, own: { type: 'boolean' } }),
  Team: object(
    {
      at: instant,
      phase: { enum: ['unstarted', 'forming', 'formed', 'failed', 'cancelled'] },
      campaign: text,
      item: text,
      size: count,
      seatsLeft: count,
      price: count,
      currency: text,
      seats: list(ref('TeamSeat')),
    },
    { deadline: instant },
  ),
  TeamStream: object({ now: instant, stream: text, seq: count, team: ref('Team') }),
  TeamNews: object({ stream: text, seq: count, team: ref('Team') }),
  Time: object({ now: instant }),
  Program: { type: 'object', description: 'The program, as the engine’s `open-program` takes it.' },
  Event: {
    type: 'object',
    description: 'A message of Segment’s specification.',
    required: ['messageId'],
    properties: { messageId: text, type: { enum: ['track', 'page', 'identify', 'group', 'alias', 'screen'] } },
  },
  Batch: {
    type: 'object',
    required: ['batch'],
    properties: { batch: list(ref('Event')), writeKey: text, sender: object({ id: text, epoch: count }) },
  },
  Rejection: object({ messageId: text, code: text, message: text }),
  Kept: object({ success: { const: true }, accepted: list(text), rejected: list(ref('Rejection')) }),
  CommerceEvent: object({
    id: text,
    type: {
      enum: [
        ...['order-paid', 'order-received', 'order-refunded', 'grant-points', 'reverse-grant', 'merge-accounts'],
        ...['link-anonymous', 'stop-team', 'stock-changed', 'hold-stock', 'release-stock', 'commit-stock'],
        'review-published',
      ],
    },
    data: {
      type: 'object',
      description:
        '`order-paid`: {account, order, payment, amount, currency, name?, team?}, where team is {campaign} to start one or {id} to join it. ' +
        '`order-received`, `order-refunded`, `stock-changed`: the fields of receive-order, refund-order, set-stock. ' +
        'The other types are named as their commands, and have these fields.',
    },
  }),
  CommerceVerdict: object({ now: instant, id: text, verdict: ref('Verdict') }, { team: text }),
  Health: object({
    status: { const: 'ok' },
    now: instant,
    store: { enum: ['pglite', 'postgresql'] },
    seedCommitment: text,
  }),
};
