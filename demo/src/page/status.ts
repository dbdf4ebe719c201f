// SPDX-License-Identifier: MIT
/** The line that shows what nobody believes: which build answers, how fast, on which state, and that nothing was asked of the network. */
import { byId, el } from './dom.js';
import { number } from './words.js';

export interface Status {
  readonly build: 'wasm' | 'js';
  /** Milliseconds for the last answer: folding, reading and recommending. */
  readonly tookMs: number;
  readonly digest: string;
}

/** Requests that the page made since it was ready. Those of the service worker are not the page's. */
export class RequestCounter {
  private total = 0;
  private readyAt = Infinity;

  /** @param changed  Called with the new count. */
  constructor(private readonly changed: (count: number) => void) {
    if (!PerformanceObserver.supportedEntryTypes.includes('resource')) return;
    new PerformanceObserver((entries) => this.note(entries.getEntries())).observe({ type: 'resource', buffered: true });
  }

  private note(entries: readonly PerformanceEntry[]): void {
    const late = entries.filter(({ startTime }) => startTime > this.readyAt).length;
    this.total += late;
    if (late > 0) this.changed(this.total);
  }

  /** From now on requests count. */
  start(): void {
    this.readyAt = performance.now();
    this.changed(0);
  }

  get count(): number {
    return this.total;
  }
}

const kBuilds = { wasm: 'WebAssembly', js: 'plain JavaScript' };

function entry(id: string, label: string, value: string): HTMLElement {
  return el('div', {}, el('dt', {}, label), el('dd', { id }, value));
}

/** The status line in the footer. */
export class StatusLine {
  private readonly place = byId('meter');
  readonly requests = new RequestCounter((count) => this.text('requests', number(count)));

  constructor() {
    this.place.replaceChildren(
      entry('build', 'Engine', '…'),
      entry('took', 'Last answer', '…'),
      entry('requests', 'Requests since ready', '…'),
      entry('digest', 'State', '…'),
    );
  }

  private text(id: string, value: string): void {
    byId(id).textContent = value;
  }

  show({ build, tookMs, digest }: Status): void {
    this.text('build', kBuilds[build]);
    this.text('took', `${tookMs.toFixed(1)} ms`);
    this.text('digest', `${digest.slice(0, 12)}…`);
    byId('digest').title = digest;
  }
}

/** The badge that says that the network is gone and nothing is missing. */
export function watchNetwork(): void {
  const badge = byId('offline');
  const show = (): void => {
    badge.textContent = navigator.onLine ? '' : 'Offline, and everything goes on';
  };
  addEventListener('online', show);
  addEventListener('offline', show);
  show();
}
