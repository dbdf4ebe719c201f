// SPDX-License-Identifier: MIT
// A request as endpoints see it.

/** Why a body was not read to its end. */
export type Unread = 'too-large' | 'too-late' | 'cut-off';

/** What a collector asks of a request. Every `Request` is one; a host that reads more cheaply than by streams may give its own. */
export interface IncomingRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  readonly body: ReadableStream<Uint8Array> | null;
  /**
   * Reads the whole body in place of {@link IncomingRequest.body}; nothing is read beyond either limit.
   *
   * @param maxBytes Bytes as they come, still compressed.
   * @param ms Time until the last byte, milliseconds.
   */
  readAll?(maxBytes: number, ms: number): Promise<Uint8Array | Unread>;
}
