# SPDX-License-Identifier: MIT
# Debian packages without root: downloaded with an apt state of our own and unpacked into prefixes under .tools/.
#   .tools/catch2      Catch2
#   .tools/libraries   nlohmann/json, the tsc that Emscripten calls
#   .tools/llvm        clang, lld, clang-format and clang-tidy 19, and Emscripten unless the machine has one
# The programs of .tools/llvm run with the C library that was unpacked beside them (patchelf), so that Debian 13's run on 12.

# The archive that the system itself uses, read from its apt sources (both forms), never from a file of ours.
debian_archive() {
  apt-get update --print-uris 2>/dev/null |
    sed -nE "s,^'(.*)/dists/(bookworm|trixie|oldstable|stable)/main/binary-amd64/.*,\1,p" | head -n 1
}

private_apt() {
  local command=$1
  shift
  "$command" -o Dir::State::Lists="$tools/apt/lists" -o Dir::Cache="$tools/apt/cache" \
    -o Dir::Etc::sourcelist="$tools/apt/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State::status=/dev/null -o APT::Sandbox::User="$(id -un)" -o Acquire::Retries=3 "$@"
}

update_private_apt() {
  local archive signed=
  archive=$(debian_archive)
  [ -n "$archive" ] || fail "apt's sources name no Debian main archive, so there is nowhere to fetch the compilers from" 3
  if [ -r /usr/share/keyrings/debian-archive-keyring.gpg ]; then
    signed='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] '
  fi
  mkdir -p "$tools"/apt/{lists,cache/archives}/partial
  {
    echo "deb $signed$archive $COMPILER_SUITE main"
    [ "$debian_suite" != bookworm ] || echo "deb $signed$archive bookworm-backports main"
  } >"$tools/apt/sources.list"
  progress "reading the package lists of $COMPILER_SUITE"
  quietly private_apt apt-get update
}

# Prints the file name that each package is downloaded as; fails if the lists do not hold one of them.
locate_packages() {
  private_apt apt-cache show --no-all-versions "$@" 2>/dev/null | awk -v wanted=$# '
    $1 == "Package:" { name = $2 }
    $1 == "Version:" { version = $2; gsub(":", "%3a", version) }
    $1 == "Architecture:" { architecture = $2 }
    $1 == "Filename:" { print name "_" version "_" architecture ".deb"; found++ }
    END { exit found != wanted }'
}

# Prints each package by its pinned version, or by its name if the archive has moved on from that version.
present_packages() {
  local package
  for package in "$@"; do
    if [[ $package == *=* ]] && ! locate_packages "$package" >/dev/null; then
      progress "the archive no longer has $package: taking its present ${package%%=*}" >&2
      package=${package%%=*}
    fi
    echo "$package"
  done
}

# Downloads packages into .tools/debs, where what is there already is kept, and leaves their file names in `files`.
download_packages() {
  local packages=("$@")
  mkdir -p "$tools/debs"
  cd "$tools/debs"
  [ -f "$tools/apt/sources.list" ] || update_private_apt
  if ! files=$(locate_packages "${packages[@]}") || ! try_download "${packages[@]}"; then
    # A list that is older than the archive names files that are gone.
    update_private_apt
    mapfile -t packages < <(present_packages "$@")
    files=$(locate_packages "${packages[@]}")
    quietly try_download "${packages[@]}"
  fi
  cd "$root"
}

try_download() {
  private_apt apt-get download "$@" >/dev/null
}

# Unpacks the downloaded `files` into a folder. Threads, OpenGL variants, wasm64 and Emscripten's own tests are left out: 1 GB.
unpack_packages() {
  local file
  for file in $files; do
    dpkg-deb --fsys-tarfile "$tools/debs/$file" |
      tar -x -C "$1" --no-same-owner --exclude='./usr/share/doc' --exclude='./usr/share/man' \
        --exclude='./usr/share/emscripten/test' --exclude='*/wasm64-emscripten' --exclude='*/thinlto' \
        --exclude='*/lib*-mt*.a' --exclude='*/lib*-ww*.a' --exclude='*/libGL-[efow]*.a'
  done
}

# Makes the prefix .tools/NAME of the packages: built beside it and moved into place whole.
make_prefix() {
  local name=$1 finish=$2 key files
  shift 2
  key=$(key_of "$here/lib/prefix.sh" "$@")
  if is_stamped "$name" "$key" && [ -d "$tools/$name" ]; then return; fi
  [ -n "$debian_suite" ] || fail_elsewhere
  progress "fetching .tools/$name: $# Debian package(s)"
  download_packages "$@"
  progress "unpacking .tools/$name"
  rm -rf "$tools/$name.new"
  mkdir -p "$tools/$name.new"
  unpack_packages "$tools/$name.new"
  "$finish" "$tools/$name.new" "$tools/$name"
  rm -rf "$tools/$name"
  mv "$tools/$name.new" "$tools/$name"
  stamp "$name" "$key"
}

fail_elsewhere() {
  fail "compilers and libraries are fetched for Debian 12 and 13 on amd64 only. Elsewhere put em++ $EMSCRIPTEN_MINIMUM or
newer, clang-format-19 and clang-tidy-19 on the PATH, and Catch2 3 and nlohmann/json 3.11 where CMake finds them" 3
}

install_libraries() {
  local catch2=$CATCH2_TRIXIE
  if [ -z "$debian_suite" ] && has_system_libraries; then return; fi
  if [ "$debian_suite" = bookworm ]; then catch2=$CATCH2_BOOKWORM; fi
  # Apart, so that the core can be built where there is Catch2 and no nlohmann/json.
  make_prefix catch2 true "$catch2"
  # shellcheck disable=SC2086
  make_prefix libraries finish_libraries $LIBRARY_PACKAGES
}

has_system_libraries() {
  [ -f /usr/include/nlohmann/json.hpp ] && [ -f /usr/include/catch2/catch_all.hpp ]
}

finish_libraries() {
  local built=$1
  # A folder that holds nlohmann/ alone: Emscripten must not see the system's headers.
  mkdir -p "$built/include"
  ln -s ../usr/include/nlohmann "$built/include/nlohmann"
}

# Uses the machine's em++ if it is new enough; else takes Emscripten into the prefix. clang-format and clang-tidy are
# always ours, because their version must be the same everywhere.
install_compilers() {
  local emscripten=$EMSCRIPTEN_PACKAGES
  if [ -n "$system_emscripten" ]; then
    wants lint || return 0
    emscripten=
  fi
  # shellcheck disable=SC2086
  make_prefix llvm finish_compilers $emscripten $LLVM_PACKAGES $RUNTIME_PACKAGES
}

# Leaves in `system_emscripten` the folder of an Emscripten on the PATH or in $EMSDK that is new enough, or nothing.
find_emscripten() {
  local compiler found
  system_emscripten=
  for compiler in "$(command -v em++ || true)" "${EMSDK:-/nonexistent}/upstream/emscripten/em++"; do
    [ -x "$compiler" ] || continue
    found=$(version_of "$compiler" --version)
    if at_least "$found" "$EMSCRIPTEN_MINIMUM"; then
      system_emscripten=$("$(dirname "$compiler")/em-config" EMSCRIPTEN_ROOT)
      return
    fi
    progress "$compiler is $found, older than $EMSCRIPTEN_MINIMUM: not used"
  done
}

finish_compilers() {
  local built=$1 final=$2
  patch_programs "$built" "$final"
  if [ -d "$built/usr/share/emscripten" ]; then
    mkdir -p "$built/usr/share/emscripten/node_modules"
    ln -s ../../nodejs/acorn "$built/usr/share/emscripten/node_modules/acorn"
  fi
}

# Points every program at the C library and the libraries of the prefix, by the paths of its final place. A program's
# rpath serves the libraries' own needs too, unless they have a path of their own: theirs is removed.
patch_programs() {
  local built=$1 final=$2 libraries=usr/lib/x86_64-linux-gnu file
  copy_patchelf "$built"
  for file in "$built/$libraries"/*.so* "$built"/usr/lib/llvm-19/lib/*.so*; do
    if is_program "$file"; then patch_elf --remove-rpath "$file"; fi
  done
  for file in "$built"/usr/bin/* "$built"/usr/lib/llvm-19/bin/*; do
    if is_program "$file"; then
      patch_elf --set-interpreter "$final/$libraries/ld-linux-x86-64.so.2" --force-rpath \
        --set-rpath "$final/$libraries:$final/usr/lib/llvm-19/lib" "$file"
    fi
  done
  rm -r "$tools/patchelf"
}

# patchelf comes from the prefix too: it runs from a copy, with the C library that it was made for, as it cannot patch
# what it is running.
copy_patchelf() {
  mkdir -p "$tools/patchelf"
  cp -L "$1"/usr/bin/patchelf "$1"/usr/lib/x86_64-linux-gnu/{ld-linux-x86-64.so.2,libc.so.6,libm.so.6} \
    "$1"/usr/lib/x86_64-linux-gnu/{libgcc_s.so.1,libstdc++.so.6} "$tools/patchelf"
}

patch_elf() {
  "$tools/patchelf/ld-linux-x86-64.so.2" --library-path "$tools/patchelf" "$tools/patchelf/patchelf" "$@"
}

# True for an ELF file itself, not for a link to one.
is_program() {
  [ ! -L "$1" ] && [ "$(head -c 4 "$1" | tail -c 3)" = ELF ]
}
