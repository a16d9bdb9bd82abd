#!/bin/bash
# clang-tidy over the library and the command line; needs build/release (cmake --preset release).
# With a file list, over these only.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -gt 0 ]; then
  sources=("$@")
else
  mapfile -t sources < <(git ls-files 'src/*.cpp' 'executors/*.cpp' 'tools/*.cpp')
fi
printf '%s\0' "${sources[@]}" | xargs -0 -n 4 -P "$(nproc)" clang-tidy --quiet -p build/release
echo "tidy: ok"
