#!/bin/bash
# Installs Debian 12 packages, and nothing else. Skips what is there.
#   tools/setup.sh          what building, rendering and testing need
#   tools/setup.sh render   only what building and rendering need
set -euo pipefail

packages=(
  # build
  g++ cmake ninja-build ccache pkg-config
  libboost1.81-dev libboost-json1.81-dev libsimdjson-dev libcli11-dev
  libcurl4-openssl-dev libssl-dev libxcb1-dev libxcb-shm0-dev libxcb-damage0-dev
  # render
  chromium chromium-headless-shell chromium-sandbox xvfb ffmpeg openssh-client fonts-dejavu-core
)
test_packages=(
  catch2 libbenchmark-dev procps dpkg-dev file clang-format clang-tidy python3-fusepy openssl
  openssh-server iproute2 nftables
  radosgw ceph-mon ceph-osd  # a real S3
  slurm-wlm munge
  # AWS's own Lambda clients, built from npm's registry: a second opinion for the tests
  make python3 xz-utils
  parallel  # an example of a queue
)
# Node from elsewhere has its own npm, beside which Debian's cannot be installed.
command -v npm >/dev/null || test_packages+=(nodejs npm)
case "${1:-all}" in
  all) packages+=("${test_packages[@]}") ;;
  render) ;;
  *) echo "setup: 'render' or nothing, not '$1'" >&2; exit 2 ;;
esac

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "setup: every package is installed"
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "setup: run this as root, or install sudo, to install: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "setup: installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
