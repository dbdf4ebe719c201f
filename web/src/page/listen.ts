// SPDX-License-Identifier: MIT
// Follows a stream of the collector: connects again and again, each time behind what is known.
import { type CollectorClient, Unanswered } from './collector-client.js';
import type { Position } from './contract.js';
import { readEvents } from './event-stream.js';
import { tellOfProgram } from './program-news.js';
import { takeTurns } from './turns.js';
import { Backoff, pause } from './wake.js';

/** A stream that is followed, and who hears of it. */
export interface Line {
  readonly client: CollectorClient;
  readonly stream: string;
  /** Tabs with the same name share one connection. */
  readonly name: string;
  /** What is known when a connection begins. */
  after(): Position;
  /** An event of the stream, in order. The connection goes on meanwhile. */
  hear(event: string, data: unknown): void;
  /** A connection stands, or why there is none. */
  stands(unanswered: Unanswered | undefined): void;
  readonly signal: AbortSignal;
}

/**
 * Follows from now on, as soon as no other tab does: browsers allow few connections to a server, so one tab listens for all and tells them.
 * Resolves when `line.signal` ends it.
 */
export function listen(line: Line): Promise<void> {
  return takeTurns(`${line.name}/${line.stream}`, line.signal, (turn) => follow(line, turn));
}

async function follow(line: Line, turn: AbortSignal): Promise<void> {
  const backoff = new Backoff(500);
  while (!turn.aborted) {
    let unanswered: Unanswered | undefined;
    try {
      const body = await line.client.events(line.stream, line.after(), turn);
      backoff.reset();
      line.stands(undefined);
      await readEvents(body, ({ event, data }) => hear(line, event, data));
    } catch (error) {
      unanswered = error instanceof Unanswered ? error : undefined;
      if (!turn.aborted) line.stands(unanswered);
    }
    await pause(backoff.next(unanswered?.retryAfter), turn);
  }
}

function hear(line: Line, event: string, data: string): void {
  let told: unknown;
  try {
    told = JSON.parse(data);
  } catch {
    return; // What is not whole comes again: the next connection begins behind what is known.
  }
  if (event === 'program') tellOfProgram(line.client.endpoint, told);
  else line.hear(event, told);
}
