#!/bin/bash
# Sets everything up, builds and runs every test: style, clang-tidy, sanitizers, unit, component, integration, consumer.
#   tools/test.sh              everything; under the sanitizers, the unit and component tests that start no browser
#   tools/test.sh sanitizers   every test under AddressSanitizer + UndefinedBehaviorSanitizer, and again under ThreadSanitizer:
#                              the browser tests, too, which takes hours
set -euo pipefail
cd "$(dirname "$0")/.."

# test_under PRESET TESTS [CTEST OPTIONS]: the build folder goes afterwards, unless something was found.
test_under() {
  local folder="build/$1" passed=true
  cmake --preset "$1" -DORCHESTRATOR_TESTS="$2"
  cmake --build --preset "$1"
  rm -rf "$folder/findings"
  ctest --preset "$1" "${@:3}" || passed=false
  # Of all processes, those included of whose end no test takes notice.
  if compgen -G "$folder/findings/*" >/dev/null; then
    cat "$folder"/findings/*
    passed=false
  fi
  $passed || { echo "test: failed under the preset $1; see above" >&2; return 1; }
  rm -rf "$folder"
}

tools/setup.sh
# Tests wait much of their time, so one more than cores runs at once. On a machine that others may load, what fails is tried once
# more, and fails if it fails again.
ctest_options=(--parallel $(($(nproc) + 1)) --repeat until-pass:2)
if [ "${1:-}" = sanitizers ]; then
  for preset in asan tsan; do test_under "$preset" all "${ctest_options[@]}"; done
  exit 0
fi
tools/check_style.sh
cmake --preset release
cmake --build --preset release
tools/check_tidy.sh
# Not under sanitizers: what takes its time in ffmpeg, which is not instrumented; and what waits for minutes, under one of the two.
in_ffmpeg="join: frames are exactly even|source videos: every frame of every kind"
test_under asan browserless "${ctest_options[@]}" -E "$in_ffmpeg|component/conformance"
test_under tsan browserless "${ctest_options[@]}" -E "$in_ffmpeg"
ctest --preset release "${ctest_options[@]}"
