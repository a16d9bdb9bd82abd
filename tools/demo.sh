#!/bin/bash
# Sets everything up, builds, and renders the bundled composition to out/demo.mp4 with several worker processes.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/setup.sh render
echo "demo: building the command line (a few minutes the first time)"
cmake --preset release -DORCHESTRATOR_DEVELOPER_MODE=OFF -B build/demo >/dev/null
NINJA_STATUS="demo: [%f of %t, %es] " cmake --build build/demo --target orchestrator_tool

mkdir -p out
workers=$(nproc)
[ "$workers" -ge 2 ] || workers=2
echo "demo: rendering examples/composition (450 frames, 1920x1080) with $workers worker processes"
build/demo/bin/orchestrator render examples/composition -o out/demo.mp4 --overwrite --frames 0:450 \
  --audio examples/composition/music.ogg --workers "$workers" --chunks $((workers * 2)) --progress bar
echo "demo: out/demo.mp4 is done:"
ffprobe -v error -show_entries stream=codec_name,width,height,r_frame_rate,nb_frames,duration -of compact=p=0 out/demo.mp4
