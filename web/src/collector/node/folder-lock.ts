// SPDX-License-Identifier: MIT
// One process for one folder. PGlite opens a folder twice without complaint and destroys it, so the lock stands before it.
//
// The lock is the file `souk.lock.<n>` with the highest n; in it stands the process that holds it. It is made whole by a hard link, and never
// made twice, so of several that take over from a dead holder one succeeds. A holder that was killed leaves its file, and the next start
// sees that nobody lives there.
import { existsSync, linkSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Another process has the folder. */
export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError';
  /** Stable. */
  readonly code = 'folder-locked';

  constructor(folder: string, pid: number) {
    super(
      `The folder ${folder} is in use by the process ${pid}. A second one would destroy its data: give each collector a folder of its own, ` +
        'or let all use one PostgreSQL server by DATABASE_URL.',
    );
  }
}

interface Holder {
  readonly pid: number;
  /** When that process started, as the kernel says: a number that was given again is another process. Empty where it does not say. */
  readonly started: string;
}

const lockFile = /^souk\.lock\.(\d+)$/;

/** Start of a process in ticks since the machine's start (Linux: field 22 of its stat, counted behind the name in brackets). */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return started === startOf(pid);
}

/** Numbers of the lock files that are there, the highest first. */
function lockNumbers(folder: string): number[] {
  const numbers = readdirSync(folder).flatMap((name) => lockFile.exec(name)?.[1] ?? []);
  return numbers.map(Number).sort((a, b) => b - a);
}

const pathOf = (folder: string, number: number) => join(folder, `souk.lock.${number}`);

function holderOf(folder: string, number: number): Holder | undefined {
  try {
    return JSON.parse(readFileSync(pathOf(folder, number), 'utf8')) as Holder;
  } catch {
    return undefined; // given back in this moment
  }
}

/** Makes the file with its content in one step; false where it is there already. */
function claim(folder: string, number: number): boolean {
  const own = join(folder, `souk.claim.${process.pid}.${Math.random().toString(36).slice(2)}`);
  writeFileSync(own, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }));
  try {
    linkSync(own, pathOf(folder, number));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own);
  }
}

/**
 * Takes a folder, which is made where it is missing.
 *
 * @returns What gives it back.
 * @throws FolderLockedError while another process has it
 */
export function lockFolder(folder: string): () => void {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  for (;;) {
    const highest = lockNumbers(folder)[0] ?? 0;
    const holder = highest === 0 ? undefined : holderOf(folder, highest);
    if (holder !== undefined && isAlive(holder)) throw new FolderLockedError(folder, holder.pid);
    const number = highest + 1;
    if (!claim(folder, number)) continue;
    // One that fell asleep on its way may have claimed a number that was passed meanwhile: it gives way.
    if (lockNumbers(folder)[0] !== number) {
      rmSync(pathOf(folder, number), { force: true });
      continue;
    }
    for (const old of lockNumbers(folder)) if (old < number) rmSync(pathOf(folder, old), { force: true });
    return () => rmSync(pathOf(folder, number), { force: true });
  }
}
