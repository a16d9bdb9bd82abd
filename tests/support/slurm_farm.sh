#!/bin/bash
# First process of a SlurmFarm: starts the daemons in the fresh mount and PID namespaces in which it runs, says "up".
#   slurm_farm.sh FOLDER NODES
# Not sh: an init has to reap orphans while it waits for its input, and dash does not.
set -e
folder=$1 nodes=$2
export SLURM_CONF=$folder/slurm.conf

# until_true COMMAND...: tries for 20 s.
until_true() {
  for _ in {1..400}; do
    "$@" >/dev/null 2>&1 && return
    sleep 0.05
  done
  tail -n 5 "$folder"/log/* >&2
  return 1
}
all_are_idle() { [ "$(sinfo --noheader --format=%D --partition=main --states=idle)" = "$nodes" ]; }

munged --foreground --force --socket="$folder/run/munge.sock" --key-file="$folder/munge.key" --pid-file="$folder/run/munged.pid" \
  --log-file="$folder/log/munged.log" --seed-file="$folder/run/munge.seed" >/dev/null 2>&1 &
until_true munge --no-input --socket="$folder/run/munge.sock"
slurmctld -D >/dev/null 2>&1 &
# Nodes have no configuration: they ask the controller for it and link it below /run/slurm, where two of them would get in each
# other's way, so each has a /run of its own. For the question, munge's socket has to be in its default place.
port=$(sed -n 's/^SlurmctldPort=//p' "$SLURM_CONF")
for ((node = 1; node <= nodes; ++node)); do
  unshare --mount sh -c 'mount -t tmpfs none /run && mkdir /run/munge && ln -s "$1" /run/munge/munge.socket.2 &&
    unset SLURM_CONF && exec slurmd -D -N "$2" --conf-server "localhost:$3"' \
    sh "$folder/run/munge.sock" "n$node" "$port" >/dev/null 2>&1 &
done
until_true all_are_idle
echo up
exec >/dev/null
read -r _ || true # until the test ends, however it does; all processes of the namespace end with this one
