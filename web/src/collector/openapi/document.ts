// SPDX-License-Identifier: MIT
// The OpenAPI 3.1 description. A test holds real answers to it.
import { ref, type Schema, schemas } from './schemas.js';

const jsonOf = (name: string): Schema => ({ 'application/json': { schema: ref(name) } });
const answer = (description: string, content: Schema): Schema => ({ description, content });
const refused = (description: string): Schema => answer(description, jsonOf('Error'));

/** Refusals that are the same everywhere. */
const common: Schema = {
  '400': refused('The request is not what is described here.'),
  '429': refused('Too many requests; Retry-After says when to come again.'),
  '503': refused('Not now; the same request may be sent again after Retry-After.'),
};
const withBody: Schema = {
  '408': refused('The body did not come in time.'),
  '413': refused('The body is too large, or grows too much.'),
  '415': refused('Another content type or encoding.'),
};
const withToken: Schema = {
  '401': refused('The token is missing or does not hold.'),
  '403': refused('Of another member.'),
};

const parameter = (name: string, where: string, schema: Schema, required = false): Schema => ({
  name,
  in: where,
  required,
  schema,
});
const whole: Schema = { type: 'integer', minimum: 0 };
const word: Schema = { type: 'string' };
const member: Schema = { security: [{ memberToken: [] }] };
const body = (name: string, ...types: readonly string[]): Schema => ({
  required: true,
  content: Object.fromEntries(['application/json', ...types].map((type) => [type, { schema: ref(name) }])),
});

const commands: Schema = {
  post: {
    summary: 'Gives commands for the own account. The same id again gets the same verdict.',
    ...member,
    requestBody: body('Commands'),
    responses: {
      '200': answer('A result for each command, in order.', jsonOf('Results')),
      ...common,
      ...withBody,
      ...withToken,
    },
  },
};
const verdicts: Schema = {
  get: {
    summary: 'The verdicts on own commands, where they are known.',
    ...member,
    parameters: [parameter('ids', 'query', word, true)],
    responses: { '200': answer('Those that are known.', jsonOf('Verdicts')), ...common, ...withToken },
  },
};
const streams: Schema = {
  get: {
    summary: 'The own stream after a sequence number, or from a snapshot; of any team, what everybody may see of it.',
    ...member,
    parameters: [
      parameter('kind', 'path', word, true),
      parameter('id', 'path', word, true),
      parameter('after', 'query', whole),
      parameter('head', 'query', word),
    ],
    responses: {
      '200': answer('Facts in order, or a team.', {
        'application/json': { schema: { oneOf: [ref('Stream'), ref('TeamStream')] } },
      }),
      '404': refused('No team has that id.'),
      ...common,
      ...withToken,
    },
  },
};
const events: Schema = {
  get: {
    summary:
      'Follows the own stream, or any team. Events: `facts` or `team`, with `id: <stream>@<seq>`, and `program`, at the beginning and after each ' +
      'change. The data of `team` is TeamNews, of `program` {program: its hash, since}.',
    ...member,
    parameters: [
      parameter('stream', 'query', word, true),
      parameter('after', 'query', whole),
      parameter('head', 'query', word),
      parameter('token', 'query', word),
      parameter('Last-Event-ID', 'header', word),
    ],
    responses: {
      '200': answer('Server-sent events.', { 'text/event-stream': { schema: word } }),
      '404': refused('No team has that id.'),
      '409': refused('The facts of the page are not those of the stream: it has to be read anew.'),
      ...common,
      ...withToken,
    },
  },
};
const program: Schema = {
  get: {
    summary:
      'The public program. Its ETag is its hash; Souk-Program-Since is when it was taken into use: the later of two holds.',
    responses: { '200': answer('The program.', jsonOf('Program')), '304': { description: 'Unchanged.' }, ...common },
  },
};
const time: Schema = {
  get: { summary: 'The clock.', responses: { '200': answer('Now.', jsonOf('Time')), ...common } },
};

const behaviour = (summary: string, name: string): Schema => ({
  post: {
    summary,
    security: [{ writeKey: [] }, { writeKeyHeader: [] }, { writeKeyQuery: [] }, {}],
    requestBody: body(name, 'text/plain'),
    responses: {
      '200': answer('What may leave the outbox.', jsonOf('Kept')),
      '401': refused('The write key is not known.'),
      '409': refused('Another sender has taken over.'),
      ...common,
      ...withBody,
    },
  },
});
const commerce: Schema = {
  post: {
    summary: 'The shop says what became of an order, or of its stock. Signed; the same id again gets the same verdict.',
    parameters: [parameter('Souk-Signature', 'header', word, true)],
    requestBody: body('CommerceEvent'),
    responses: {
      '200': answer('The verdict.', jsonOf('CommerceVerdict')),
      '401': refused('The signature does not hold.'),
      '403': refused('The port is closed.'),
      '409': refused('The id was used for another event.'),
      ...common,
      ...withBody,
    },
  },
};
const health: Schema = {
  get: { summary: 'Whether it works.', responses: { '200': answer('It does.', jsonOf('Health')), ...common } },
};
const plain = (summary: string, type: string): Schema => ({
  get: { summary, responses: { '200': answer(summary, { [type]: { schema: {} } }) } },
});

/** The description of a collector behind a base path. */
export function openApi(base: string): Schema {
  return {
    openapi: '3.1.0',
    info: { title: 'Souk collector', version: '1', license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: base === '' ? '/' : base }],
    paths: {
      '/v1/commands': commands,
      '/v1/verdicts': verdicts,
      '/v1/streams/{kind}/{id}': streams,
      '/v1/events': events,
      '/v1/program': program,
      '/v1/time': time,
      '/v1/batch': behaviour('Behaviour, many messages; also as /v1/b.', 'Batch'),
      '/v1/{type}': behaviour(
        'Behaviour, one message: track, page, identify, group, alias, screen, or its first letter.',
        'Event',
      ),
      '/beacon/v1/batch': behaviour("Behaviour, many messages, where RudderStack's SDK sends beacons.", 'Batch'),
      '/api/s/{type}': behaviour("Behaviour, one message, where Jitsu's SDK sends it.", 'Event'),
      '/v1/commerce': commerce,
      '/health': health,
      '/metrics': plain('Numbers in Prometheus’ text format.', 'text/plain'),
      '/openapi.json': plain('This document.', 'application/json'),
    },
    components: {
      schemas,
      securitySchemes: {
        memberToken: { type: 'http', scheme: 'bearer', description: 'A token of `souk/server`.' },
        writeKey: {
          type: 'http',
          scheme: 'basic',
          description: 'The public write key as user; it may also stand in the body.',
        },
        writeKeyHeader: { type: 'apiKey', in: 'header', name: 'X-Write-Key' },
        writeKeyQuery: { type: 'apiKey', in: 'query', name: 'writeKey' },
      },
    },
  };
}
