#!/bin/bash
# Installs AWS's own clients from npm's registry into FOLDER: its SDK, and its runtime client, whose native part it compiles. Does
# nothing if they are there. Where it is impossible it says why and exits with 77.
#   tests/aws_clients/install.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
. "$here/../support/npm_packages.sh"

need_programs node npm python3 make cmake xz

mkdir -p "$folder"
cp "$here"/*.mjs "$here"/package*.json "$folder"  # a module finds its packages only from a folder above its own
cd "$folder"
wanted="$(node --version) $(sha256sum <package-lock.json)"
if [ "$(cat installed 2>/dev/null)" = "$wanted" ]; then
  exit 0
fi
rm -f installed

need_registry
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
# node-gyp downloads Node's headers unless it is told where they are.
prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
if [ -e "$prefix/include/node/node.h" ]; then
  export npm_config_nodedir=$prefix
fi
npm rebuild --foreground-scripts aws-lambda-ric >build.log 2>&1 || true
[ -e node_modules/aws-lambda-ric/rapid-client.node ] || { tail -n 30 build.log >&2; exit 1; }
echo "$wanted" >installed
