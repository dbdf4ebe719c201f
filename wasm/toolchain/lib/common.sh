# SPDX-License-Identifier: MIT
# What every part of the set-up uses: progress lines, failure, the lock, stamps and version comparison.
# Reads: $tools, $here, $root, $wanted.

fail() {
  printf 'setup: %s\n' "$1" >&2
  exit "${2:-1}"
}

# One line a step, with the seconds since the start.
progress() {
  printf 'setup %4d s  %s\n' "$SECONDS" "$*"
}

# Runs a command silently; shows all that it printed if it fails. It does not get the lock (9): a service that an
# installation starts would hold it for ever.
quietly() {
  local log=$tools/last.log
  if ! "$@" >"$log" 2>&1 9>&-; then
    cat "$log" >&2
    fail "this failed: $*"
  fi
}

wants() {
  [[ $wanted == *" $1 "* ]]
}

has() {
  command -v "$1" >/dev/null 2>&1
}

is_root() {
  [ "$(id -u)" = 0 ]
}

# True if version $1 is at least $2 (dotted numbers).
at_least() {
  [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]
}

# The first dotted number that a command prints of itself, or 0.
version_of() {
  local text
  text=$("$@" 2>/dev/null) || true
  if [[ $text =~ [0-9]+(\.[0-9]+)+ ]]; then echo "${BASH_REMATCH[0]}"; else echo 0; fi
}

# Two runners may start at once: the second waits for the first.
take_lock() {
  exec 9>"$tools/lock"
  flock -n 9 && return
  progress "another set-up is running here: waiting for it"
  flock 9
}

# The set-up looks for the system's tools first; a PATH that already sourced env.sh must not hide them.
leave_own_tools_out_of_path() {
  local entry kept=
  while IFS= read -r -d : entry; do
    case $entry in
      "$tools"/* | "$root"/node_modules/.bin) ;;
      *) kept+=$entry: ;;
    esac
  done <<<"$PATH:"
  PATH=${kept%:}
}

# A part is up to date when its stamp holds the key of what it is made from: the place (the programs of a prefix hold
# absolute paths), the script that makes it ($1), the packages or versions that it asks for (the rest).
key_of() {
  local script=$1
  shift
  { printf '%s\n' "$root" "$@"; cat "$script"; } | sha256sum | cut -c 1-64
}

is_stamped() {
  [ "$(cat "$tools/stamp/$1" 2>/dev/null)" = "$2" ]
}

stamp() {
  mkdir -p "$tools/stamp"
  printf '%s\n' "$2" >"$tools/stamp/$1.new"
  mv "$tools/stamp/$1.new" "$tools/stamp/$1"
}
