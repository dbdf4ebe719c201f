// SPDX-License-Identifier: MIT
// The TypeScript suites. `npx vitest run` runs all, `npx vitest run --project web` one of them.
import { defineConfig } from 'vitest/config';

/** Slow suites start servers, browsers or installations, several on two cores. */
const slow = { testTimeout: 120_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      project('web', ['tests/web/**/*.test.ts'], ['tests/web/package.test.ts', 'tests/web/vectors.test.ts'], {
        testTimeout: 60_000,
      }),
      project('vectors', ['tests/web/vectors.test.ts'], [], slow),
      project('package', ['tests/web/package.test.ts'], [], slow),
      project('browser', ['tests/browser/vectors.test.ts'], [], slow),
      project('reporter-browser', ['tests/browser/{reporter,page}*.test.ts'], [], slow),
      project('sdks', ['tests/browser/sdks.test.ts'], [], slow),
      project('reporter', ['tests/reporter/**/*.test.ts'], [], slow),
      project('demo', ['tests/demo/**/*.test.ts'], [], slow),
      project('server', ['tests/server/**/*.test.ts'], [], {}),
      project('collector', ['tests/collector/**/*.test.ts'], [], { ...slow, fileParallelism: false }),
    ],
  },
});

function project(
  name: string,
  include: string[],
  exclude: string[],
  more: { testTimeout?: number; hookTimeout?: number; fileParallelism?: boolean },
) {
  // Compiled modules are big and need no transformation: Node imports them itself.
  const server = { deps: { external: [/build\/wasm-/, /web\/dist/] } };
  return { extends: true as const, test: { name, include, exclude, server, ...more } };
}
