# SPDX-License-Identifier: MIT
# The table of suites that tests/run runs, in order, and one function for each. They are run from the project's root, with
# .tools/env.sh sourced and `set -euo pipefail`: the first command that fails ends the suite.

suites='format rings tidy native sanitizers core-only wasm lint vectors web reporter server collector package demo docs'

is_suite() {
  [[ " $suites " == *" $1 "* ]]
}

# One line on what a suite shows.
describe() {
  case $1 in
    format) echo 'sources are formatted (clang-format 19, prettier)' ;;
    rings) echo 'no include or import against the rings' ;;
    tidy) echo 'clang-tidy 19 finds nothing in the engine' ;;
    native) echo 'the optimised native build passes its tests' ;;
    sanitizers) echo 'the same tests under AddressSanitizer and UndefinedBehaviorSanitizer' ;;
    core-only) echo 'core to service build and pass with neither Emscripten nor nlohmann/json' ;;
    wasm) echo 'the wasm and plain-JavaScript builds, optimised and with assertions' ;;
    lint) echo 'TypeScript and JavaScript pass eslint and the compiler' ;;
    vectors) echo 'native, wasm and JavaScript, in Node and in Chromium, give equal bytes and digests' ;;
    web) echo 'the npm package in Node' ;;
    reporter) echo 'the reporter: simulated tabs, crashes and networks; faults in a real browser; page state' ;;
    server) echo 'member tokens and signed messages, against Wycheproof and against forgers' ;;
    collector) echo 'the collector on PGlite and PostgreSQL: kills, races, a lying client, abuse, its own description, other vendors’ SDKs' ;;
    package) echo 'the packed tarball installs, type-checks and runs' ;;
    demo) echo 'the demo, and its check in headless Chromium, with wasm and without' ;;
    docs) echo "the README's commands and snippets" ;;
  esac
}

# The tool sets of wasm/toolchain/setup that a suite uses.
needs() {
  case $1 in
    format) echo 'lint npm' ;;
    rings | server) echo 'npm' ;;
    tidy) echo 'native lint npm' ;;
    native | sanitizers | core-only) echo 'native' ;;
    wasm) echo 'wasm native' ;;
    lint | web | docs) echo 'native wasm npm' ;;
    collector) echo 'native wasm npm browser postgresql' ;;
    vectors | reporter | package | demo) echo 'native wasm npm browser' ;;
  esac
}

jobs() {
  nproc
}

# Configures (once) and builds a preset.
build() {
  cmake --preset "$1"
  cmake --build --preset "$1" --parallel "$(jobs)"
}

# The C++ sources of the project, one a line.
cxx_sources() {
  find engine wasm tests -path wasm/toolchain -prune -o \( -name '*.cpp' -o -name '*.hpp' \) -print | sort
}

suite_format() {
  cxx_sources | xargs clang-format-19 --dry-run -Werror
  npx prettier --check .
}

suite_rings() {
  node tests/lint/rings.mjs
  node --test tests/lint/rings.test.mjs
}

suite_tidy() {
  # Only sources that are compiled natively can be checked, and only once generated headers are there.
  build native-release
  node tests/lib/tidy.mjs build/native-release
}

suite_native() {
  build native-release
  ctest --preset native-release --parallel "$(jobs)"
}

suite_sanitizers() {
  build native-debug
  ctest --preset native-debug --parallel "$(jobs)"
}

# A folder of its own and an environment that knows Catch2 and nothing else of .tools.
suite_core_only() {
  local bare=(env -u SOUK_NLOHMANN_INCLUDE -u EMSCRIPTEN_ROOT -u EM_CONFIG CMAKE_PREFIX_PATH="${SOUK_CATCH2:-}"
    PATH="$(path_without_tools)")
  "${bare[@]}" cmake -S . -B build/core-only -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DSOUK_JSON=OFF -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON
  "${bare[@]}" cmake --build build/core-only --parallel "$(jobs)"
  "${bare[@]}" ctest --test-dir build/core-only --output-on-failure --no-tests=error --parallel "$(jobs)"
}

path_without_tools() {
  tr : '\n' <<<"$PATH" | grep -v "^$PWD/.tools/" | paste -sd :
}

suite_wasm() {
  build wasm-release
  build wasm-debug
}

# The built package, as the tests and the demo import it.
build_web() {
  build native-release
  build wasm-release
  npm run build --workspace web
}

# Typed rules and the compiler see the package as its users do, so it has to be built.
suite_lint() {
  build_web
  npx eslint .
  npm run types --workspace web
  npm run typecheck --workspace demo
  npx tsc --noEmit -p tests
  npx tsc --noEmit -p tests/demo
}

suite_vectors() {
  build_web
  npx vitest run --project vectors --project browser
}

suite_web() {
  build_web
  npx vitest run --project web
}

# Simulation first: it needs no build and says in seconds what a browser says in minutes.
suite_reporter() {
  npx vitest run --project reporter
  build_web
  npx vitest run --project reporter-browser
}

suite_server() {
  npx vitest run --project server
}

suite_collector() {
  build_web
  npx vitest run --project collector --project sdks
}

suite_package() {
  build_web
  npx vitest run --project package
}

suite_demo() {
  build_web
  npx vitest run --project demo
  demo/start --check
}

suite_docs() {
  build_web
  node tests/web/readme.mjs
}
