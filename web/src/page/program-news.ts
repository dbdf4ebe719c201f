// SPDX-License-Identifier: MIT
// News of another program, from whichever tab listens to the collector to every tab that holds a program of it.

const nameOf = (endpoint: string): string => `souk-page/program ${endpoint}`;

/** What the collector says of the program that it has in use. */
export interface ProgramNews {
  /** The program's hash. */
  readonly program: string;
  /** When the collector took it into use, milliseconds since 1970; absent from one that does not say. */
  readonly since?: number;
}

/** Passes on what the collector says, in this tab too. */
export function tellOfProgram(endpoint: string, told: unknown): void {
  try {
    const channel = new BroadcastChannel(nameOf(endpoint));
    channel.postMessage(told);
    channel.close();
  } catch {
    // A frame that may not: programs are read again when it gets the focus.
  }
}

/** Hears what any tab was told. */
export function onProgramNews(endpoint: string, hear: (news: ProgramNews) => void, signal: AbortSignal): void {
  try {
    const channel = new BroadcastChannel(nameOf(endpoint));
    channel.onmessage = ({ data }: MessageEvent<ProgramNews>) => hear(data);
    signal.addEventListener('abort', () => channel.close());
  } catch {
    // As above.
  }
}
