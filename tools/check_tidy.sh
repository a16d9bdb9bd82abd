#!/bin/bash
# clang-tidy over the library and the command line. With a file list, over these only.
# Needs no build: build/dev, whose files are compiled one by one and not in unity files, is only configured.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset dev >/dev/null
if [ $# -gt 0 ]; then
  sources=("$@")
else
  mapfile -t sources < <(git ls-files 'src/*.cpp' 'executors/*.cpp' 'tools/*.cpp')
fi
printf '%s\0' "${sources[@]}" | xargs -0 -n 4 -P "$(nproc)" clang-tidy --quiet -p build/dev
echo "tidy: ok"
