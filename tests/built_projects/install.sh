#!/bin/bash
# Installs Motion Canvas and Revideo from npm's registry into FOLDER, has Vite build the two projects of this folder there
# (FOLDER/motion_canvas/dist, FOLDER/revideo/dist), and beside each a page in which the system's own player plays it
# (dist/own.html). Nothing of them is kept or shipped. Does nothing if they are there. Where it is impossible it says why and exits
# with 77.
#   tests/built_projects/install.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
. "$here/../support/npm_packages.sh"

export DISABLE_TELEMETRY=true  # of Revideo

need_programs node npm ffmpeg
font=$(fc-match -f '%{file}' 'DejaVu Sans Mono')
[ "$(basename "$font")" = DejaVuSansMono.ttf ] || impossible "the font DejaVu Sans Mono is not installed; tools/setup.sh installs it"

mkdir -p "$folder"
wanted="$(node --version) $(cd "$here" && find . -type f | LC_ALL=C sort | xargs cat | sha256sum)"
if [ "$(cat "$folder/installed" 2>/dev/null)" = "$wanted" ]; then
  exit 0
fi
need_registry
rm -rf "$folder/installed" "$folder"/*/{src,dist,public}
for system in motion_canvas revideo; do
  mkdir -p "$folder/$system/public"
  cp -R "$here/$system"/* "$here/own" "$folder/$system"
  cd "$folder/$system"
  # Not `npm ci`, which wants all optional packages in the lock file: Vite's bundlers have one for each platform.
  npm install --ignore-scripts --no-audit --no-fund --loglevel=error
  cp "$font" src/proof.ttf
  # Frame n has the luma 16 + 4n.
  ffmpeg -v error -y -f lavfi -i "color=black:size=64x32:rate=30:duration=2,format=yuv420p,geq=lum='16+4*N':cb=128:cr=128" \
    -c:v libx264 -preset veryfast -crf 4 -pix_fmt yuv420p public/film.mp4
  npx vite build --logLevel warn
  npx vite build --logLevel warn --config own/vite.config.js
done
echo "$wanted" >"$folder/installed"
