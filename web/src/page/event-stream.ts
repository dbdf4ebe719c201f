// SPDX-License-Identifier: MIT
// Server-sent events by fetch, because `EventSource` cannot carry a token in a header.

/** One event. */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

/** The collector sends a comment every 15 s; three missed, and the connection is taken for dead. Milliseconds. */
const longestSilence = 45_000;

/**
 * Reads events until the stream ends or fails, which is no error: the caller connects again with the last id.
 * @param body The answer's body.
 * @param take Called for each event, in order.
 */
export async function readEvents(body: ReadableStream<Uint8Array>, take: (event: ServerEvent) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let id = '';
  for (;;) {
    const timer = setTimeout(() => void reader.cancel().catch(() => undefined), longestSilence);
    const { value, done } = await reader.read().finally(() => clearTimeout(timer));
    if (done) return;
    const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parse(block, id);
      ({ id } = event);
      if (event.data !== '') take(event);
    }
  }
}

function parse(block: string, lastId: string): ServerEvent {
  let event = 'message';
  let id = lastId;
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value = ''] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
    if (field === 'event') event = value;
    else if (field === 'id') id = value;
    else if (field === 'data') data.push(value);
  }
  return { event, id, data: data.join('\n') };
}
