// Cues of text tracks. The browser finds out which are active when it seeks, and sends their events then. So an element whose
// position passes the beginning or the end of a cue is sought, even if its picture stays or it has none.

const hasTracks = ({media}) => media.textTracks.length > 0;

function* cuesOf({media}) {
  for (const track of media.textTracks) if (track.mode !== 'disabled') yield* track.cues ?? [];
}

const isActiveAt = ({startTime, endTime}, seconds) => startTime <= seconds && seconds < endTime;

/// The positions at which to stop on the way to another one: where cues begin that playing would pass as a whole. Null if no cue
/// begins or ends on the way.
function cueStops(state, seconds) {
  if (!hasTracks(state)) return null;
  const before = currentTimeOfMedia.get.call(state.media);
  const stops = new Set();
  let isAny = false;
  for (const cue of cuesOf(state)) {
    const isPassed = !keepsFinished && before < cue.startTime && cue.endTime <= seconds;
    if (isPassed) stops.add(cue.startTime);
    isAny ||= isPassed || isActiveAt(cue, before) !== isActiveAt(cue, seconds);
  }
  return isAny ? [...stops].sort((a, b) => a - b) : null;
}

/// Where playing pauses because of a cue (pauseOnExit); Infinity if nowhere.
function cuePause(state) {
  let end = Infinity;
  if (!hasTracks(state)) return end;
  for (const {pauseOnExit, endTime} of cuesOf(state)) if (pauseOnExit && endTime > state.fromSeconds) end = Math.min(end, endTime);
  return end;
}

/// Cues that the page has made in this frame are active in it.
function* showNewCues() {
  const tracked = [...playing].filter((state) => hasTracks(state) && hasData(state.media) && state.fromSeconds !== null);
  const seeks = tracked.map((state) => showPosition(state, mediaTimeAt(state, clock.nowMs))).filter(Boolean);
  if (seeks.length > 0) yield native.Promise.all(seeks);
}
