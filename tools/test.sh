#!/bin/bash
# Sets everything up, builds and runs every test: style, unit, component, integration, consumer, sanitizers.
#   tools/test.sh          everything
#   tools/test.sh quick    without sanitizers and clang-tidy
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:-all}

tools/setup.sh
tools/check_style.sh
cmake --preset release
cmake --build --preset release
ctest --preset release
if [ "$mode" = all ]; then
  for sanitizer in asan tsan; do
    cmake --preset "$sanitizer" -DORCHESTRATOR_TESTS=unit
    cmake --build --preset "$sanitizer"
    ctest --preset "$sanitizer"
  done
  tools/check_tidy.sh
fi
