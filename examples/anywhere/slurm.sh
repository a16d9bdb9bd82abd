#!/bin/bash
# Renders a film as a Slurm array: a chunk an array task, and a job that joins them. Waits for the end.
#
#   examples/anywhere/slurm.sh COMPOSITION OUT.mp4 CHUNKS [options of `orchestrator plan`]
#
# COMPOSITION and OUT.mp4 lie where all nodes see them under the same absolute path. SBATCH_PARTITION, SBATCH_ACCOUNT and so on
# choose where to run (sbatch(1)). Plan, chunks and logs lie in OUT.mp4.chunks. What is finished there is not rendered again when
# this is run again.
set -euo pipefail

composition=$(realpath "$1") output=$(realpath "$2") chunks=$3
shift 3
export orchestrator=${ORCHESTRATOR:-orchestrator}
export work=$output.chunks
mkdir -p "$work"
"$orchestrator" plan "$composition" -o "$output" --chunks "$chunks" "$@" > "$work/plan.json"

array=$(sbatch --parsable --array "0-$((chunks - 1))" --output "$work/chunk-%a.log" "$(dirname "$(realpath "$0")")/chunk.sbatch")
echo "rendering as job $array; scancel $array ends it"
# Without chunks there is nothing to join: the second job goes unrun when the first has failed, which sbatch takes for a success.
rm -f "$work/join.log"
if ! sbatch --quiet --wait --dependency "afterok:$array" --kill-on-invalid-dep yes --output "$work/join.log" \
  --wrap 'exec "$orchestrator" join --plan "$work/plan.json" "$work" --progress none' || [ ! -s "$work/join.log" ]; then
  tail -n 3 "$work"/*.log >&2
  exit 1
fi
cat "$work/join.log"
