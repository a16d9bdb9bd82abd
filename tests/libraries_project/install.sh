#!/bin/bash
# Installs libraries that move things on a page from npm's registry into FOLDER and bundles the pages of this project there
# (FOLDER/site). Nothing of them is kept or shipped. Does nothing if they are there. Where it is impossible it says why and exits with 77.
#   tests/libraries_project/install.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
. "$here/../support/npm_packages.sh"

need_programs node npm

mkdir -p "$folder"
wanted="$(node --version) $(cat "$here"/*.* "$here"/src/* "$here"/site/* | sha256sum)"
if [ "$(cat "$folder/installed" 2>/dev/null)" = "$wanted" ]; then
  exit 0
fi
rm -rf "$folder/installed" "$folder/site"
cp -R "$here"/package*.json "$here/src" "$here/site" "$folder"
cd "$folder"

need_registry
# Not `npm ci`, which wants all optional packages in the lock file: esbuild has one for each platform.
npm install --ignore-scripts --no-audit --no-fund --loglevel=error
npx esbuild src/[!b]*.js --bundle --format=esm --outdir=site --log-level=warning
for script in src/[!b]*.js; do
  name=$(basename "$script" .js)
  sed "s/NAME/$name/" site/page.html >"site/$name.html"
done
echo "$wanted" >installed
