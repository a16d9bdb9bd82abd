#!/bin/bash
# Installs Remotion from npm's registry into FOLDER, where it is used for comparison only, bundles this project there (FOLDER/bundle),
# and has Remotion's own renderer make pictures of it (FOLDER/pictures). Does nothing if they are there. Where it is impossible it
# says why and exits with 77.
#   tests/remotion_project/install.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
. "$here/../support/npm_packages.sh"

need_programs node npm ffmpeg chromium-headless-shell

mkdir -p "$folder"
wanted="$(node --version) $(cat "$here"/*.* "$here"/src/* | sha256sum)"
if [ "$(cat "$folder/installed" 2>/dev/null)" = "$wanted" ]; then
  exit 0
fi
rm -rf "$folder/installed" "$folder/pictures"
cp -R "$here"/*.mjs "$here"/package*.json "$here/src" "$folder"
cd "$folder"

need_registry
# Not `npm ci`, which wants all optional packages in the lock file: the renderer has one for each platform.
npm install --ignore-scripts --no-audit --no-fund --loglevel=error
mkdir -p public
# Without colour tags, as most films; the two renderers convert tagged ones in different ways.
ffmpeg -v error -y -f lavfi -i testsrc2=size=160x90:rate=30:duration=2 -f lavfi -i sine=frequency=440:duration=2 \
  -c:v libx264 -preset veryfast -bf 2 -g 24 -pix_fmt yuv420p -c:a aac public/film.mp4
echo '{"title": "from a file", "frames": 18}' >public/data.json
node bundle.mjs
node pictures.mjs
echo "$wanted" >installed
