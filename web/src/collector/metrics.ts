// SPDX-License-Identifier: MIT
// Counters, gauges and one histogram in Prometheus' text format (version 0.0.4).

type Labels = Readonly<Record<string, string | number>>;

const descriptions: Readonly<Record<string, readonly [kind: 'counter' | 'gauge', help: string]>> = {
  souk_requests_total: ['counter', 'Requests by route and status.'],
  souk_refusals_total: ['counter', 'Refused requests by code.'],
  souk_commands_total: ['counter', 'Commands by outcome: accepted, refused, repeated, error.'],
  souk_facts_total: ['counter', 'Facts appended.'],
  souk_transactions_total: ['counter', 'Deciding transactions.'],
  souk_transaction_retries_total: ['counter', 'Transactions tried again after a conflict.'],
  souk_behaviour_events_total: ['counter', 'Behaviour events by outcome: stored, duplicate, rejected.'],
  souk_webhooks_total: ['counter', 'Messages to the shop by outcome: delivered, failed.'],
  souk_event_streams: ['gauge', 'Open server-sent event streams.'],
  souk_commands_waiting: ['gauge', 'Commands that wait for their transaction.'],
};

/** Upper bounds of the histogram, seconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

function labelled(name: string, labels: Labels): string {
  const members = Object.entries(labels).map(
    ([label, value]) => `${label}="${String(value).replace(/["\\\n]/g, '_')}"`,
  );
  return members.length === 0 ? name : `${name}{${members.join(',')}}`;
}

/** The numbers of one collector. */
export class Metrics {
  readonly #values = new Map<string, number>();
  readonly #gauges = new Map<string, () => number>();
  readonly #buckets = bounds.map(() => 0);
  #seconds = 0;
  #requests = 0;

  /** Adds to a counter. */
  count(name: string, labels: Labels = {}, by = 1): void {
    const key = labelled(name, labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + by);
  }

  /** Names a value that is read whenever it is asked for. */
  gauge(name: string, read: () => number): void {
    this.#gauges.set(name, read);
  }

  /** Notes how long a request took. */
  observe(seconds: number): void {
    this.#requests += 1;
    this.#seconds += seconds;
    bounds.forEach((bound, index) => {
      if (seconds <= bound) this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
    });
  }

  /** All of it as text. */
  text(): string {
    const lines = Object.entries(descriptions).flatMap(([name, [kind, help]]) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${kind}`,
      ...this.#samples(name),
    ]);
    return `${[...lines, ...this.#histogram()].join('\n')}\n`;
  }

  #samples(name: string): string[] {
    const gauge = this.#gauges.get(name);
    if (gauge !== undefined) return [`${name} ${gauge()}`];
    const own = [...this.#values].filter(([key]) => key === name || key.startsWith(`${name}{`));
    return own.map(([key, value]) => `${key} ${value}`).sort();
  }

  #histogram(): string[] {
    const name = 'souk_request_seconds';
    return [
      `# HELP ${name} Time until a request was answered.`,
      `# TYPE ${name} histogram`,
      ...bounds.map((bound, index) => `${name}_bucket{le="${bound}"} ${this.#buckets[index] ?? 0}`),
      `${name}_bucket{le="+Inf"} ${this.#requests}`,
      `${name}_sum ${this.#seconds}`,
      `${name}_count ${this.#requests}`,
    ];
  }
}
