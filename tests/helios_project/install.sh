#!/bin/bash
# Installs Helios's core and GSAP from npm's registry into FOLDER and bundles the pages of this project there (FOLDER/site). Nothing
# of them is kept or shipped. Does nothing if they are there. Where it is impossible it says why and exits with 77.
#   tests/helios_project/install.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
. "$here/../support/npm_packages.sh"

need_programs node npm ffmpeg

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
npx esbuild src/*.js --bundle --format=esm --outdir=site --log-level=warning
# Frame n has the luma 16 + 4n.
ffmpeg -v error -y -f lavfi -i "color=black:size=64x32:rate=30:duration=2,format=yuv420p,geq=lum='16+4*N':cb=128:cr=128" \
  -c:v libx264 -preset veryfast -crf 4 -pix_fmt yuv420p site/film.mp4
echo "$wanted" >installed
