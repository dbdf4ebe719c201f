// SPDX-License-Identifier: MIT
// A collector with the real engine behind a network that fails on demand, and pages that hold an account.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SoukError } from 'souk';
import { type Command, type Engine, type Fact, load, type LoyaltyView } from 'souk';
import type { BrowserContext, Page } from 'playwright-core';
import type { CommandState, PageCommand } from '../../web/src/page/contract.js';
import { program } from '../web/fixtures.js';

/** A command that an account gives or gets. */
type AccountCommand = Extract<Command, { readonly account: string }>;

const dist = fileURLToPath(new URL('../../web/dist', import.meta.url));
const day = 86_400_000;
const html =
  '<!doctype html><title>Shop</title><script type="module">' +
  "import { load } from '/index.js'; import { openAccount } from '/page.js'; Object.assign(globalThis, { load, openAccount });</script>";

/** What a request of a page is met with before, or after, the collector decides. */
export type Fault = 'lose-request' | 'lose-answer' | 'busy' | 'signed-out' | 'bad-request' | undefined;

/** The reference in small: one engine, every fact kept, verdicts by the engine itself. */
export class Collector {
  origin = '';
  fault: () => Fault = () => undefined;
  /** Long streams are answered with a snapshot. */
  snapshots = false;
  requests = 0;
  readonly #server: Server;
  readonly #facts = new Map<string, Fact[]>();
  readonly #handles = new Map<string, number>();
  readonly #listeners = new Set<{ stream: string; response: ServerResponse }>();

  private constructor(readonly engine: Engine) {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async open(): Promise<Collector> {
    const engine = await (await load()).createEngine();
    engine.openProgram(program);
    const collector = new Collector(engine);
    await new Promise<void>((resolve) => collector.#server.listen(0, '127.0.0.1', resolve));
    collector.origin = `http://127.0.0.1:${(collector.#server.address() as AddressInfo).port}`;
    return collector;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.closeAllConnections();
      this.#server.close(() => resolve());
    });
  }

  /** An account with points that may be spent. */
  earn(account: string, points: number): void {
    const at = Date.now() - 20 * day;
    const lines = [{ item: 'mug', quantity: 1, paid: points * 100 }];
    const order = `order-${account}-${this.#of(account).length}`;
    this.#submit({ kind: 'receive-order', id: order, account, author: 'commerce', at, order, currency: 'GBP', lines });
  }

  digest(account: string): { seq: number; digest: string } {
    return this.engine.digest({ handle: this.#handle(account) });
  }

  spent(account: string): number {
    return this.engine.account({ handle: this.#handle(account), at: Date.now() }).points.totals.spent;
  }

  /** Ends every open event stream. */
  cut(): void {
    for (const { response } of this.#listeners) response.destroy();
    this.#listeners.clear();
  }

  #of(account: string): Fact[] {
    const name = `account/${account}`;
    const facts = this.#facts.get(name) ?? [];
    this.#facts.set(name, facts);
    return facts;
  }

  #handle(account: string): number {
    const handle = this.#handles.get(account) ?? this.engine.openStream({ stream: `account/${account}` }).handle;
    this.#handles.set(account, handle);
    return handle;
  }

  #submit(command: AccountCommand): { id: string; verdict?: unknown; error?: unknown; facts: readonly Fact[] } {
    this.#handle(command.account);
    try {
      const { verdict, facts } = this.engine.submit({ command });
      this.#of(command.account).push(...facts);
      this.#tell(`account/${command.account}`, facts);
      return { id: command.id, verdict, facts };
    } catch (error) {
      const { code, path, message } = error as SoukError;
      return { id: command.id, error: { code, path, message }, facts: [] };
    }
  }

  #tell(stream: string, facts: readonly Fact[]): void {
    if (facts.length === 0) return;
    const text = `id: ${stream}@${facts.at(-1)?.seq ?? 0}\nevent: facts\ndata: ${JSON.stringify({ stream, facts })}\n\n`;
    for (const listener of this.#listeners) if (listener.stream === stream) listener.response.write(text);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://x');
    if (url.pathname === '/souk/v1/commands') return this.#commands(request, response);
    if (url.pathname === '/souk/v1/events') {
      this.#events(url, response);
      return;
    }
    const [, account] = /^\/souk\/v1\/streams\/account\/(.+)$/.exec(url.pathname) ?? [];
    if (account !== undefined) {
      this.#read(account, Number(url.searchParams.get('after') ?? 0), response);
      return;
    }
    this.#file(url.pathname, response);
  }

  #file(path: string, response: ServerResponse): void {
    const type = path.endsWith('.js') ? 'text/javascript' : path.endsWith('.wasm') ? 'application/wasm' : 'text/html';
    response.writeHead(200, { 'content-type': type });
    response.end(type === 'text/html' ? html : readFileSync(join(dist, path)));
  }

  /** Whether the request met its fate already. */
  #struck(fault: Fault, response: ServerResponse): boolean {
    if (fault === 'lose-request') response.socket?.destroy();
    else if (fault === 'busy') json(response, 503, {}, { 'retry-after': '1' });
    else if (fault === 'signed-out') json(response, 401, {});
    else if (fault === 'bad-request') json(response, 400, {});
    else return false;
    return true;
  }

  async #commands(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.requests += 1;
    const fault = this.fault();
    if (this.#struck(fault, response)) return;
    const { commands } = JSON.parse(Buffer.concat(chunks).toString()) as { commands: PageCommand[] };
    const results = commands.map((command) => this.#submit({ ...command, author: 'shopper', at: Date.now() }));
    const facts: Record<string, Fact[]> = {};
    for (const fact of results.flatMap((result) => result.facts)) (facts[fact.stream] ??= []).push(fact);
    if (fault === 'lose-answer') response.socket?.destroy();
    else
      json(response, 200, {
        now: Date.now(),
        results: results.map(({ id, verdict, error }) => ({ id, verdict, error })),
        facts,
      });
  }

  #read(account: string, after: number, response: ServerResponse): void {
    const fault = this.fault();
    if (fault === 'lose-answer') response.socket?.destroy();
    else if (!this.#struck(fault, response)) {
      const { seq } = this.digest(account);
      const snapshot = () => Buffer.from(this.engine.snapshot({ handle: this.#handle(account) })).toString('base64');
      const facts = this.#of(account).filter((fact) => fact.seq > after);
      const content = this.snapshots && after === 0 ? { snapshot: snapshot() } : { facts };
      json(response, 200, { now: Date.now(), stream: `account/${account}`, seq, ...content });
    }
  }

  #events(url: URL, response: ServerResponse): void {
    const stream = url.searchParams.get('stream') ?? '';
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': hello\n\n');
    const listener = { stream, response };
    this.#listeners.add(listener);
    response.on('close', () => this.#listeners.delete(listener));
    const after = Number(url.searchParams.get('after') ?? 0);
    const missed = this.#of(stream.slice('account/'.length)).filter((fact) => fact.seq > after);
    this.#tell(stream, missed);
  }
}

function json(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** What a page has as globals in these tests. */
interface AccountPage {
  load(): Promise<{ createEngine(): Promise<Engine> }>;
  openAccount(options: object): Promise<AccountPage['account']>;
  states: Record<string, CommandState>;
  account: {
    submit(command: object): Promise<CommandState>;
    view(confirmed?: boolean): LoyaltyView;
    digest(): { seq: number; digest: string };
    waiting(): readonly CommandState[];
    now(): number;
    sync(): Promise<void>;
  };
}

/** Opens a page with the account; `endpoint` null: there is no backend. */
export async function visit(
  context: BrowserContext,
  collector: Collector,
  account: string,
  { endpoint = '/souk', before }: { endpoint?: string | null; before?: () => void } = {},
): Promise<Page> {
  const page = await context.newPage();
  if (before) await page.addInitScript(before);
  await page.goto(`${collector.origin}/`);
  await open(page, account, endpoint);
  return page;
}

/** Opens the account in a page that was loaded. */
export async function open(page: Page, account: string, endpoint: string | null = '/souk'): Promise<void> {
  await page.evaluate(
    async ([id, base, rules]) => {
      const globals = globalThis as unknown as AccountPage;
      const engine = await (await globals.load()).createEngine();
      engine.openProgram(rules);
      globals.states = {};
      const token = () => Promise.resolve('token');
      globals.account = await globals.openAccount({
        account: id,
        token,
        engine,
        ...(base === null ? {} : { endpoint: base }),
      });
    },
    [account, endpoint, program] as const,
  );
}

/** Spends points, and waits for nothing but the call. */
export function redeem(page: Page, account: string, id: string, points: number): Promise<void> {
  return page.evaluate(
    ([owner, name, amount]) => {
      const globals = globalThis as unknown as AccountPage;
      void globals.account
        .submit({ kind: 'redeem-points', id: name, account: owner, redemption: name, points: amount })
        .then((state) => (globals.states[name] = state));
    },
    [account, id, points] as const,
  );
}

/** Settles with the verdict of a command of this page. */
export async function verdict(page: Page, id: string): Promise<CommandState> {
  const found = await page.waitForFunction((name) => (globalThis as unknown as AccountPage).states[name], id, {
    polling: 20,
  });
  return (await found.jsonValue()) as CommandState;
}

/** Settles when one command waits for that reason. */
export async function waitsFor(page: Page, reason: string): Promise<void> {
  await page.waitForFunction(
    (why) =>
      (globalThis as unknown as AccountPage).account
        .waiting()
        .some((state) => state.state === 'waiting' && state.reason === why),
    reason,
    { polling: 20 },
  );
}

/** Settles when nothing waits and the page's digest is the collector's. */
export async function agrees(page: Page, collector: Collector, account: string): Promise<void> {
  for (;;) {
    const [digest, waiting] = await page.evaluate(() => {
      const { account: own } = globalThis as unknown as AccountPage;
      return [own.digest(), own.waiting().length] as const;
    });
    const theirs = collector.digest(account);
    if (waiting === 0 && digest.digest === theirs.digest && digest.seq === theirs.seq) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Points that may be spent, as the page shows them. */
export const shown = (page: Page, confirmed = false): Promise<number> =>
  page.evaluate((only) => (globalThis as unknown as AccountPage).account.view(only).points.totals.active, confirmed);

/** The collector's clock as the page knows it. */
export const clock = (page: Page): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as AccountPage).account.now());
