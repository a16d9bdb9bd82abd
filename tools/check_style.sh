#!/bin/bash
# Formatting, and the few rules a compiler does not know.
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t sources < <(git ls-files '*.cpp' '*.hpp')
clang-format --dry-run --Werror "${sources[@]}"
if git grep -nE '#include <(boost/asio\.hpp|simdjson\.h|boost/process.*)>' -- include; then
  echo "style: a public header includes one of the heavy headers above" >&2
  exit 1
fi
if git grep -nE '\bstd::(cout|cerr)\b|\bprintf\(' -- src include executors; then
  echo "style: the library prints" >&2
  exit 1
fi
if git grep -lE '^inline namespace v0|^inline namespace \[' -- include; then
  echo "style: a public header does not say ORCHESTRATOR_EXPORT, so a shared library would lack what it declares" >&2
  exit 1
fi
# The test of the public headers takes all there are, so that none is forgotten.
if git grep -nE 'file\((GLOB|GLOB_RECURSE)' -- '*CMakeLists.txt' '*.cmake' ':!tests/headers'; then
  echo "style: source lists are explicit" >&2
  exit 1
fi
tools/check_layers.py
tools/check_conditions.py
tools/check_runtime.py
echo "style: ok"
