#!/bin/bash
# Sets everything up, builds and runs every test: style, unit, component, integration, consumer, clang-tidy.
#   tools/test.sh              everything but the sanitizers
#   tools/test.sh sanitizers   the unit tests under AddressSanitizer + UndefinedBehaviorSanitizer, and under ThreadSanitizer
set -euo pipefail
cd "$(dirname "$0")/.."

tools/setup.sh
if [ "${1:-}" = sanitizers ]; then
  for sanitizer in asan tsan; do
    cmake --preset "$sanitizer" -DORCHESTRATOR_TESTS=unit
    cmake --build --preset "$sanitizer"
    ctest --preset "$sanitizer"
  done
  exit 0
fi
tools/check_style.sh
cmake --preset release
cmake --build --preset release
tools/check_tidy.sh
# Real browsers on a machine that others may load: what fails is tried once more, and fails if it fails again.
ctest --preset release --repeat until-pass:2
