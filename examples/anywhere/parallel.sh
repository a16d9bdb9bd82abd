#!/bin/bash
# Renders a film by GNU parallel: a chunk a job, as many jobs at a time as there are cores (JOBS=N: N of them).
#
#   examples/anywhere/parallel.sh COMPOSITION OUT.mp4 CHUNKS [options of `orchestrator plan`]
#   examples/anywhere/parallel.sh examples/composition out.mp4 8 --frames 0:450
#
# Plan and chunks lie in OUT.mp4.chunks. What is finished there is not rendered again when this is run again.
set -euo pipefail

composition=$1 output=$2 chunks=$3
shift 3
export orchestrator=${ORCHESTRATOR:-orchestrator}
export work=$output.chunks
mkdir -p "$work"
"$orchestrator" plan "$composition" -o "$output" --chunks "$chunks" "$@" > "$work/plan.json"

# 1 and 2 would come again. Anything else may not: 75, or 137 as after a kill for lack of memory.
render_chunk() {
  local status=75
  for _ in 1 2 3; do
    "$orchestrator" chunk --plan "$work/plan.json" --chunk "$1" -o "$work" --progress none && return 0 || status=$?
    [ "$status" -gt 2 ] || break
  done
  return "$status"
}
export -f render_chunk

# Ends with the status of the first chunk that failed.
seq 0 $((chunks - 1)) | SHELL=$(command -v bash) parallel --will-cite --jobs "${JOBS:-100%}" --halt now,fail=1 render_chunk {}
"$orchestrator" join --plan "$work/plan.json" "$work"
