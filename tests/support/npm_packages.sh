# For scripts that install packages from npm's registry for a test; to be sourced. Where it is impossible they say why and exit
# with 77, which ctest takes for a skipped test (SKIP_RETURN_CODE).
impossible() {
  echo "skipped: $1"
  exit 77
}

need_programs() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || impossible "$program is not installed; tools/setup.sh installs it"
  done
}

need_registry() {
  npm ping --fetch-retries=0 --fetch-timeout=10000 >/dev/null 2>&1 || impossible "npm's registry cannot be reached"
}
