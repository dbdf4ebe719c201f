// SPDX-License-Identifier: MIT
// The part of JSON Schema that our OpenAPI document uses. A keyword that it does not know is an error, so that nothing passes unread.

type Schema = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isSafeInteger(value),
  array: (value) => Array.isArray(value),
  object: isRecord,
};

type Check = (value: unknown, keyword: never, schema: Schema, at: string, root: Schema) => string[];

const wrong = (at: string, what: string) => [`${at === '' ? '/' : at}: ${what}`];

const keywords: Readonly<Record<string, Check>> = {
  type: (value, name: string, _, at) => (types[name]?.(value) === true ? [] : wrong(at, `is not of type ${name}`)),
  enum: (value, list: unknown[], _, at) => (list.includes(value) ? [] : wrong(at, 'is none of the listed values')),
  const: (value, only: unknown, _, at) => (value === only ? [] : wrong(at, `is not ${String(only)}`)),
  minimum: (value, least: number, _, at) =>
    typeof value === 'number' && value < least ? wrong(at, 'is too small') : [],
  minItems: (value, least: number, _, at) =>
    Array.isArray(value) && value.length < least ? wrong(at, 'is too short') : [],
  maxItems: (value, most: number, _, at) =>
    Array.isArray(value) && value.length > most ? wrong(at, 'is too long') : [],
  pattern: (value, text: string, _, at) =>
    new RegExp(text).test(String(value)) ? [] : wrong(at, `does not match ${text}`),
  required: (value, names: string[], _, at) =>
    isRecord(value) ? names.filter((name) => !(name in value)).flatMap((name) => wrong(at, `lacks ${name}`)) : [],
  properties: (value, members: Record<string, Schema>, _, at, root) =>
    isRecord(value)
      ? Object.entries(members).flatMap(([name, one]) =>
          name in value ? validate(value[name], one, root, `${at}/${name}`) : [],
        )
      : [],
  additionalProperties: (value, allowed: Schema | false, schema, at, root) => {
    if (!isRecord(value)) return [];
    const known = isRecord(schema['properties']) ? schema['properties'] : {};
    const rest = Object.keys(value).filter((name) => !(name in known));
    if (allowed === false) return rest.flatMap((name) => wrong(at, `has a member ${name} that is not described`));
    return rest.flatMap((name) => validate(value[name], allowed, root, `${at}/${name}`));
  },
  items: (value, one: Schema, _, at, root) =>
    Array.isArray(value) ? value.flatMap((item, index) => validate(item, one, root, `${at}/${index}`)) : [],
  oneOf: (value, all: Schema[], _, at, root) => {
    const fitting = all.filter((one) => validate(value, one, root, at).length === 0).length;
    return fitting === 1 ? [] : wrong(at, `fits ${fitting} of ${all.length} forms`);
  },
  $ref: (value, pointer: string, _, at, root) => validate(value, resolve(pointer, root), root, at),
  description: () => [],
  contentEncoding: () => [],
};

function resolve(pointer: string, root: Schema): Schema {
  const steps = pointer.replace(/^#\//, '').split('/');
  const found = steps.reduce<unknown>((value, step) => (isRecord(value) ? value[step] : undefined), root);
  if (!isRecord(found)) throw new Error(`nothing is at ${pointer}`);
  return found;
}

/** What does not fit, one sentence each. */
export function validate(value: unknown, schema: Schema, root: Schema, at = ''): string[] {
  return Object.entries(schema).flatMap(([keyword, argument]) => {
    const check = keywords[keyword];
    if (check === undefined) throw new Error(`the keyword ${keyword} is not read here`);
    return check(value, argument as never, schema, at, root);
  });
}
