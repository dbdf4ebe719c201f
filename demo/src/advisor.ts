// SPDX-License-Identifier: MIT
/** What to recommend to a customer at an instant: asked of the engine with what they had bought by then. */
import type { Engine } from 'souk';
import type { Command } from './history/orders.js';

type Request = Parameters<Engine['recommend']>[0];
type Answer = ReturnType<Engine['recommend']>;
export type Suggestion = Answer['items'][number];

/** Delivery, which this shop books under a stock code that looks like goods. */
const kNotForTheWindow = ['23444'];

/** Items bought up to an instant, the most recent last. */
export function boughtUntil(commands: readonly Command[], at: number): string[] {
  return commands.flatMap((command) =>
    command.kind === 'receive-order' && command.at <= at ? command.lines.map(({ item }) => item) : [],
  );
}

/** The question to the engine: something new that goes with what they have. */
export function suggestionRequest(history: readonly string[], limit: number): Request {
  return { cart: [], history, exclude: kNotForTheWindow, unavailable: [], limit, repeat: false, reasons: true };
}

/** The engine's suggestions with their reasons, at most `limit`. */
export function suggestionsFor(
  engine: Engine,
  commands: readonly Command[],
  at: number,
  limit: number,
): readonly Suggestion[] {
  return engine.recommend(suggestionRequest(boughtUntil(commands, at), limit)).items;
}
