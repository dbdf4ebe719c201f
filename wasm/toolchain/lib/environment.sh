# SPDX-License-Identifier: MIT
# Writes .tools/env.sh (what runners source), Emscripten's configuration and .tools/bin, from what is there.

# Moves a freshly made file into place only if it differs, so that nothing is rebuilt for a new time stamp.
replace_if_changed() {
  if cmp -s "$1.new" "$1"; then rm "$1.new"; else mv "$1.new" "$1"; fi
}

node_program() {
  if [ -x "$tools/node/node_modules/.bin/node" ]; then
    echo "$tools/node/node_modules/.bin/node"
  else
    command -v node || command -v nodejs || true
  fi
}

# Debian's system libraries for Emscripten are complete for our builds, so its cache stays frozen: builds never wait for
# each other's lock, and never spend minutes on building a library.
write_emscripten_config() {
  cat >"$tools/emscripten.config.new" <<END
LLVM_ROOT = '$tools/llvm/usr/lib/llvm-19/bin'
BINARYEN_ROOT = '$tools/llvm/usr'
NODE_JS = '$(node_program)'
FROZEN_CACHE = True
LLVM_ADD_VERSION = ''
CLANG_ADD_VERSION = ''
END
  replace_if_changed "$tools/emscripten.config"
}

# Links the programs that runners call by name; the rest of the prefix stays off the PATH.
link_programs() {
  local program
  mkdir -p "$tools/bin"
  for program in clang-19 clang++-19 clang-format-19 clang-tidy-19 llvm-cov-19 llvm-profdata-19 llvm-symbolizer-19; do
    if [ -e "$tools/llvm/usr/bin/$program" ]; then ln -sfn "$tools/llvm/usr/bin/$program" "$tools/bin/$program"; fi
  done
  if [ -d "$tools/libraries" ]; then write_tsc; fi
}

# The tsc that Emscripten calls from its own folder. By itself it would compile every @types package near there, and
# Debian's Emscripten lies beside hundreds: it looks for them in a folder that is not there.
write_tsc() {
  cat >"$tools/bin/tsc.new" <<END
#!/bin/sh
exec node '$tools/libraries/usr/share/nodejs/typescript/bin/tsc' --typeRoots '$tools/no-types' "\$@"
END
  chmod +x "$tools/bin/tsc.new"
  rm -f "$tools/bin/tsc"
  mv "$tools/bin/tsc.new" "$tools/bin/tsc"
}

print_environment() {
  local emscripten path=$tools/bin
  echo "# Written by wasm/toolchain/setup: the tools of this folder, to be sourced by bash or sh."
  if [ -d "$tools/node" ]; then path=$tools/node/node_modules/.bin:$path; fi
  if [ -f "$tools/llvm/usr/share/emscripten/em++" ]; then
    emscripten=$tools/llvm/usr/share/emscripten
    echo "export EM_CONFIG='$tools/emscripten.config'"
    path=$emscripten:$path
  else
    emscripten=$system_emscripten
    if [ -n "$emscripten" ]; then path+=:$emscripten; fi
  fi
  if [ -n "$emscripten" ]; then echo "export EMSCRIPTEN_ROOT='$emscripten'"; fi
  echo "case :\$PATH: in *':$path:'*) ;; *) export PATH='$path':\"\$PATH\" ;; esac"
  print_libraries
  if find_chromium >/dev/null; then echo "export SOUK_CHROMIUM='$(find_chromium)'"; fi
}

print_libraries() {
  if [ -d "$tools/libraries" ]; then
    echo "export CMAKE_PREFIX_PATH='$tools/catch2/usr:$tools/libraries/usr'"
    echo "export SOUK_CATCH2='$tools/catch2/usr'"
    echo "export SOUK_NLOHMANN_INCLUDE='$tools/libraries/include'"
  fi
}

# Node reads the nearest package.json to tell how a .js file is written; the project's says "module", which is wrong for
# Emscripten's and TypeScript's own files.
shield_from_project_package() {
  echo '{ "private": true }' >"$tools/package.json.new"
  replace_if_changed "$tools/package.json"
}

write_environment() {
  link_programs
  shield_from_project_package
  if [ -d "$tools/llvm/usr/share/emscripten" ]; then write_emscripten_config; fi
  print_environment >"$tools/env.sh.new"
  replace_if_changed "$tools/env.sh"
}
