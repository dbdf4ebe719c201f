#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// `npx souk`: the program `souk`, compiled to WebAssembly, on Node alone. This file gives it the host's arguments and standard streams,
// and answers `zone` itself where the host has no zone files.
import fs from 'node:fs';
import { zoneCommand } from './zone-command.mjs';

/** Where the program looks for zone files. */
const zoneFolders = ['/usr/share/zoneinfo', '/usr/lib/zoneinfo', '/usr/share/lib/zoneinfo'];

/**
 * Makes a synchronous call of `fs` wait where the host says "try again": standard streams may be non-blocking pipes, and the compiled
 * program takes that answer for an error and loses input or output.
 */
function waitWhileBusy(name) {
  const original = fs[name];
  const clock = new Int32Array(new SharedArrayBuffer(4));
  fs[name] = (...values) => {
    for (;;) {
      try {
        return original(...values);
      } catch (error) {
        if (error.code === 'EOF' && name === 'readSync') return 0; // Windows: the other end of the pipe has closed
        if (error.code !== 'EAGAIN') throw error;
        Atomics.wait(clock, 0, 0, 5);
      }
    }
  };
}

/** Runs the compiled program; the exit code is set by it. */
async function runProgram(values) {
  waitWhileBusy('readSync');
  waitWhileBusy('writeSync');
  const { default: createProgram } = await import('./souk-cli.mjs');
  await createProgram({ arguments: values });
}

const values = process.argv.slice(2);
const knowsZones = values.includes('--zoneinfo') || zoneFolders.some((folder) => fs.existsSync(folder));
if (values[0] === 'zone' && !knowsZones) process.exitCode = zoneCommand(values.slice(1));
else await runProgram(values);
