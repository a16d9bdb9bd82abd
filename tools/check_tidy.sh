#!/bin/bash
# clang-tidy over the library and the command line, in the unity files of a release build, which must exist: a fourth of the time
# that the files take one by one. With a file list, over these only, one by one; that needs no build, since build/dev, which has no
# unity files, is only configured.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -gt 0 ]; then
  build=build/dev
  cmake --preset dev >/dev/null
  sources=("$@")
else
  build=build/release
  cmake --preset release >/dev/null
  mapfile -t sources < <(sed -n 's/^ *"file": "\(.*\)",\?$/\1/p' "$build/compile_commands.json" |
    grep -E "^$PWD/($build/)?(src|executors|tools)/")
fi
printf '%s\0' "${sources[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy --quiet -p "$build"
echo "tidy: ok"
