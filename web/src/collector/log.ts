// SPDX-License-Identifier: MIT
// Structured logs. What may identify a shopper (accounts, tokens, addresses, bodies, queries) has no field to stand in.

/** How much it matters. */
export type LogLevel = 'info' | 'warn' | 'error';

/** The members that an entry may have beside its event. */
export interface LogFields {
  readonly route?: string;
  readonly method?: string;
  readonly status?: number;
  readonly ms?: number;
  /** The code of a refusal: names what was tried. */
  readonly code?: string;
  readonly attempts?: number;
  readonly count?: number;
  /** Of an unexpected error: its class and text, never a request's content. */
  readonly error?: string;
}

/** One line. */
export interface LogEntry extends LogFields {
  readonly at: string;
  readonly level: LogLevel;
  readonly event: string;
  readonly tenant: string;
}

/** Writes an entry. */
export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

/** A log that stamps entries and hands them on. */
export function createLog(tenant: string, write: (entry: LogEntry) => void): Log {
  return (level, event, fields = {}) => write({ at: new Date().toISOString(), level, event, tenant, ...fields });
}

/** The class and text of an unexpected error. */
export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 500) : 'not an Error';
}
