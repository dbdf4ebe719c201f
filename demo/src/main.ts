// SPDX-License-Identifier: MIT
/** The demo: loads the history and the engine, then answers from them alone. */
import { load, type Engine } from 'souk';
import { suggestionsFor } from './advisor.js';
import { catalogueOf } from './catalogue.js';
import { customersOf, type Customer } from './customers.js';
import { dealingsOf, type Dealings, type Shop } from './history/orders.js';
import { AccountPage } from './page/account.js';
import { byId, el } from './page/dom.js';
import { mountPicker } from './page/picker.js';
import { StatusLine, watchNetwork } from './page/status.js';
import { instantOfDay, kFirstDay, kLastDay, TimeMachine } from './page/time-machine.js';
import { dressWindow } from './page/window.js';
import { useZone } from './page/words.js';
import { AccountReader } from './reader.js';
import { formatRoute, parseRoute } from './route.js';
import { keepForOffline } from './service-worker-client.js';
import { loadShopData } from './shop-data.js';

const kSuggestions = 6;
const kAddressMs = 250;

/** Ties the parts together: the address says who and when, this shows it. */
class Demo {
  private readonly reader: AccountReader;
  private readonly page: AccountPage;
  private readonly customers: ReadonlyMap<number, Customer>;
  private readonly biggest: Customer;
  private current = 0;
  private addressing = 0;
  private dealings: Dealings = { commands: [], cancelledUnits: 0, unmatchedUnits: 0 };

  constructor(
    private readonly shop: Shop,
    private readonly engine: Engine,
    private readonly build: 'wasm' | 'js',
    private readonly status: StatusLine,
    levels: readonly { readonly name: string; readonly threshold: number }[],
  ) {
    const customers = customersOf(shop);
    this.customers = new Map(customers.map((customer) => [customer.number, customer]));
    this.biggest = customers[0] as Customer;
    this.reader = new AccountReader(engine);
    const time = new TimeMachine(shop.zone, (day) => this.go(this.current, day));
    this.page = new AccountPage(byId('account'), time, levels, catalogueOf(shop));
    mountPicker(byId('picker'), customers, (customer) => this.go(customer));
  }

  /** Moves to a customer or a day: shows it at once, and then brings the address in step. */
  private go(customer: number, day?: number): void {
    const hash = formatRoute(day === undefined ? { customer } : { customer, day });
    clearTimeout(this.addressing);
    if (customer !== this.current) history.pushState(null, '', hash);
    // Browsers refuse an address that changes a hundred times in seconds, as it would with the slider.
    else this.addressing = window.setTimeout(() => history.replaceState(null, '', hash), kAddressMs);
    this.show(hash);
  }

  /** Shows what an address names: who is unknown becomes the biggest customer, days outside the history its nearest. */
  show(hash: string): void {
    const route = parseRoute(hash);
    const customer = this.customers.get(route?.customer ?? 0) ?? this.biggest;
    const day = Math.min(Math.max(route?.day ?? kLastDay, kFirstDay), kLastDay);
    const at = instantOfDay(day, this.shop.zone);
    const isOther = customer.number !== this.current;
    if (isOther) this.dealings = dealingsOf(this.shop, customer.number);
    const before = performance.now();
    if (isOther) this.reader.load(String(customer.number), this.dealings.commands);
    const { view, digest } = this.reader.readAt(at);
    const suggestions = suggestionsFor(this.engine, this.dealings.commands, at, kSuggestions);
    const tookMs = performance.now() - before;
    this.current = customer.number;
    this.page.show({ customer, dealings: this.dealings, view, suggestions }, day);
    this.status.show({ build: this.build, tookMs, digest });
    this.tell(day, tookMs);
  }

  /** What a test reads without looking at words. */
  private tell(day: number, tookMs: number): void {
    const { dataset } = document.documentElement;
    Object.assign(dataset, {
      customer: String(this.current),
      day: String(day),
      took: tookMs.toFixed(3),
      build: this.build,
      state: 'ready',
    });
  }
}

/** A page that cannot open says so, in the page. */
function fail(error: unknown): void {
  const words = error instanceof Error ? error.message : String(error);
  byId('account').replaceChildren(
    el('p', { class: 'notice', role: 'alert' }, `The shop could not be opened: ${words}`),
  );
  document.documentElement.dataset['state'] = 'failed';
}

async function start(): Promise<void> {
  dressWindow(byId('window'));
  watchNetwork();
  const status = new StatusLine();
  const [{ shop, pack, program }, souk] = await Promise.all([loadShopData(), load()]);
  useZone(program.zone.name);
  const engine = await souk.createEngine();
  engine.openProgram(program);
  engine.openPack(pack);
  const demo = new Demo(shop, engine, souk.build, status, program.levels);
  demo.show(location.hash);
  byId('account').removeAttribute('aria-busy');
  addEventListener('hashchange', () => demo.show(location.hash));
  status.requests.start();
  await keepForOffline();
}

start().catch(fail);
