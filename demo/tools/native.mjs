// SPDX-License-Identifier: MIT
/** Asks the native program what the page is asked, for comparison. */
import { execFileSync } from 'node:child_process';

const kRoom = { maxBuffer: 2 ** 28 };

function lines(text) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/**
 * Decides commands from empty by `souk replay`.
 *
 * @param {string} souk  the native program
 * @param {string} program  file
 * @param {readonly object[]} commands
 * @param {number} at  the instant of the balances
 * @returns {Map<string, { digest: string, level: string, points: Record<'active' | 'pending' | 'expired' | 'clawedBack' | 'debt', number>, growth: Record<'active' | 'pending' | 'expired' | 'clawedBack' | 'debt', number>, active: number }>} by account
 */
export function nativeAccounts(souk, program, commands, at) {
  const input = commands.map((command) => `${JSON.stringify(command)}\n`).join('');
  const output = execFileSync(souk, ['replay', '--program', program, '--commands', '-', '--at', String(at)], {
    input,
    ...kRoom,
  });
  const accounts = lines(output.toString()).filter(({ stream }) => stream !== undefined);
  return new Map(
    accounts.map(({ stream, digest, level, points, growth }) => [
      stream.slice('account/'.length),
      { digest, level, points, growth, active: points.active },
    ]),
  );
}

/**
 * Answers `recommend` requests by `souk call`.
 *
 * @returns {string[][]} the item ids of each answer
 */
export function nativeSuggestions(souk, pack, requests) {
  const input = requests.map((request) => `${JSON.stringify({ op: 'recommend', request })}\n`).join('');
  const output = execFileSync(souk, ['call', '--pack', pack], { input, ...kRoom });
  return lines(output.toString()).map((answer) => answer.value.items.map(({ item }) => item));
}
