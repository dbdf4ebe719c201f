// SPDX-License-Identifier: MIT
// ESLint: typed rules for TypeScript, the recommended ones for JavaScript, and the lengths at which code is split. Layout is Prettier's.
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const readable = (...names) => Object.fromEntries(names.map((name) => [name, 'readonly']));
const everywhere = readable(
  ...[
    'AbortController',
    'AbortSignal',
    'Blob',
    'DecompressionStream',
    'CompressionStream',
    'Request',
    'Response',
    'TextDecoder',
    'TextEncoder',
  ],
  ...[
    'URL',
    'URLSearchParams',
    'WebAssembly',
    'atob',
    'btoa',
    'clearInterval',
    'clearTimeout',
    'console',
    'crypto',
    'fetch',
    'performance',
  ],
  ...['queueMicrotask', 'setInterval', 'setTimeout', 'structuredClone'],
);
const nodeGlobals = { ...everywhere, ...readable('Buffer', 'process', 'setImmediate') };
const workerGlobals = { ...everywhere, ...readable('caches', 'clients', 'self') };

const pageGlobals = readable('addEventListener', 'document', 'location', 'navigator', 'window');

const ourRules = {
  eqeqeq: 'error',
  'max-lines': ['error', { max: 450 }],
  'max-lines-per-function': ['error', { max: 60, IIFEs: true }],
  'no-console': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
};

// What TypeScript could say but ours does not: no `any`, no enum (string unions), no `!` (check instead), no way round the compiler.
const typedRules = {
  '@typescript-eslint/ban-ts-comment': [
    'error',
    { 'ts-expect-error': 'allow-with-description', 'ts-ignore': true, 'ts-nocheck': true },
  ],
  '@typescript-eslint/consistent-type-exports': 'error',
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  // A type is a promise of ours about bytes that others sent; a check at run time is no mistake.
  '@typescript-eslint/no-unnecessary-condition': 'off',
  'no-restricted-syntax': ['error', { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' }],
};

// Files beside every tsconfig.json.
const projectService = { allowDefaultProject: ['vitest.config.ts', 'web/bin/*.d.mts'] };

// A chapter of tests is a function to the parser only, and a scenario may be long.
const testRules = { 'max-lines': ['error', { max: 600 }], 'max-lines-per-function': 'off' };

export default defineConfig(
  globalIgnores(['**/dist/', '**/generated/', '**/data/', 'build/', '.tools/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  { rules: ourRules },
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService, tsconfigRootDir: import.meta.dirname } },
    rules: typedRules,
  },
  { files: ['**/*.mjs'], languageOptions: { globals: nodeGlobals } },
  { files: ['demo/src/**/*.js'], languageOptions: { globals: workerGlobals } },
  // Functions that are sent into a page.
  { files: ['demo/check*.mjs', 'tests/**/*.mjs'], languageOptions: { globals: pageGlobals } },
  { files: ['wasm/*.js'], languageOptions: { globals: { addToLibrary: 'readonly' } } },
  // Programs and tests speak to a terminal.
  { files: ['tests/**', '**/bin/**', '**/tools/**', '**/*.mjs'], rules: { 'no-console': 'off' } },
  { files: ['tests/**'], rules: testRules },
);
