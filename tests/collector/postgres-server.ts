// SPDX-License-Identifier: MIT
// A PostgreSQL server of the tests' own: Debian's programs, a temporary folder, a free port of loopback. It refuses root, so under root it
// runs as the user `postgres` that the package makes.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** A running server. */
export interface PostgresServer {
  /** Makes an empty database and tells its URL. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
}

const versions = '/usr/lib/postgresql';

/** The folder of the newest version's programs. */
function programs(): string {
  const [newest] = readdirSync(versions).sort((a, b) => Number(b) - Number(a));
  if (newest === undefined) throw new Error('PostgreSQL is missing: wasm/toolchain/setup postgresql');
  return join(versions, newest, 'bin');
}

function userId(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** One statement on a connection of its own. */
async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      await run(url, 'select 1');
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('PostgreSQL does not start');
}

function stopProcess(server: ChildProcess, folder: string): Promise<void> {
  return new Promise((resolve) => {
    server.once('exit', () => {
      rmSync(folder, { recursive: true, force: true });
      resolve();
    });
    server.kill('SIGINT'); // fast shutdown
  });
}

/** @param settings Settings beside the tests' own, such as `fsync=off`. */
export async function startPostgres(...settings: readonly string[]): Promise<PostgresServer> {
  const bin = programs();
  const folder = mkdtempSync(join(tmpdir(), 'souk-postgres-'));
  const user = userId();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const as = { ...user, cwd: folder, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' } };
  const data = join(folder, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'souk', '-A', 'trust', '-E', 'UTF8'], {
    ...as,
    stdio: 'ignore',
  });
  const port = await freePort();
  const own = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'max_connections=200',
    ...settings,
  ];
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...own.flatMap((one) => ['-c', one])], {
    ...as,
    stdio: 'ignore',
  });
  const url = `postgres://souk@127.0.0.1:${port}`;
  await answers(`${url}/postgres`);
  return {
    async createDatabase(name) {
      await run(`${url}/postgres`, `create database ${name}`);
      return `${url}/${name}`;
    },
    stop: () => stopProcess(server, folder),
  };
}
