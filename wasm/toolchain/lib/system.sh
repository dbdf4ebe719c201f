# SPDX-License-Identifier: MIT
# What only the system's package manager can give: finds what is missing, installs it as root, else names it.

missing_packages=()

lack() {
  missing_packages+=("$@")
}

# Leaves in `debian_suite` bookworm or trixie, or nothing on a machine that Debian packages cannot be fetched for.
detect_system() {
  local ID='' VERSION_CODENAME=''
  debian_suite=
  [ -r /etc/os-release ] || return 0
  # shellcheck disable=SC1091
  source /etc/os-release
  [ "$ID" = debian ] && [ "$(dpkg --print-architecture)" = amd64 ] || return 0
  case $VERSION_CODENAME in bookworm | trixie) debian_suite=$VERSION_CODENAME ;; esac
}

lack_native() {
  at_least "$(version_of g++ -dumpfullversion)" "$GXX_MINIMUM" || lack g++
  at_least "$(version_of cmake --version)" "$CMAKE_MINIMUM" || lack cmake
  has ninja || lack ninja-build
}

lack_node() {
  { has node || has nodejs; } || lack nodejs
  has npm || lack npm
  # Debian's node trusts the system's certificates and no others.
  [ -f /etc/ssl/certs/ca-certificates.crt ] || lack ca-certificates
}

lack_browser() {
  find_chromium >/dev/null || lack chromium
}

lack_postgresql() {
  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || lack postgresql
}

# The path of a Chromium: $SOUK_CHROMIUM, or the first that is found.
find_chromium() {
  local name
  if [ -x "${SOUK_CHROMIUM:-}" ]; then echo "$SOUK_CHROMIUM"; return; fi
  for name in chromium chromium-browser google-chrome; do
    command -v "$name" && return
  done
  return 1
}

# Names or installs all that is missing, in one go.
require_system_packages() {
  if wants native; then lack_native; fi
  if wants wasm && ! has python3; then lack python3; fi
  if wants node; then lack_node; fi
  if wants browser; then lack_browser; fi
  if wants postgresql; then lack_postgresql; fi
  if [ ${#missing_packages[@]} = 0 ]; then return; fi
  if is_root && [ -n "$debian_suite" ]; then install_system_packages; else name_system_packages; fi
}

install_system_packages() {
  progress "installing by apt: ${missing_packages[*]}"
  if [[ " ${missing_packages[*]} " == *' postgresql '* ]]; then keep_database_from_starting; fi
  # The package lists may be missing, or older than the archive.
  if ! apt_install >/dev/null 2>&1 9>&-; then
    quietly apt_update
    quietly apt_install
  fi
  hash -r
}

# Debian's package makes a database and starts it; the tests start their own, so this machine is not given one.
keep_database_from_starting() {
  local missing_packages=(postgresql-common)
  if ! apt_install >/dev/null 2>&1 9>&-; then
    quietly apt_update
    quietly apt_install
  fi
  sed -ri 's/^#? *(create_main_cluster) *=.*/\1 = false/' /etc/postgresql-common/createcluster.conf
}

# A source that fails is not ours to judge: the installation shows whether it mattered.
apt_update() {
  apt-get update || true
}

# npm alone is hundreds of small packages: waiting for the disk after each one costs minutes.
apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io \
    "${missing_packages[@]}"
}

name_system_packages() {
  {
    echo "setup: this machine lacks what only its administrator can install. As root:"
    echo
    echo "  apt-get update && apt-get install --no-install-recommends ${missing_packages[*]}"
    echo
    [ -n "$debian_suite" ] || echo "(These are Debian's names; this set-up is for Debian 12 and 13 on amd64.)"
    echo "Then run the same command again: everything else is fetched without root."
  } >&2
  exit 3
}
