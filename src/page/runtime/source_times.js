// When a frame of a video file begins. Its time is exact to a microsecond in mp4. Matroska and WebM round it to whole
// milliseconds, so a frame may begin up to 0.5 ms before that time. The times of a file's frames show whether they are rounded.
const exactSeconds = 0.000002;  // times of frames and positions are both brought to whole microseconds

/// A position less than this before a frame's time belongs to that frame. So does one before a cue's time.
const marginOf = (state) => (hasPicture(state) && state.roundsTimes !== false ? roundingSeconds : exactSeconds);

/// True if the seek must be repeated: the shown frame begins after the position, which is right only in a file that rounds times.
/// If its time is a whole millisecond, that may be chance (at 24000/1001 frames a second, one frame in 24). Then the frame before
/// is shown to find out, so the seek is repeated in any case.
async function isEarly(state, seconds) {
  const isBehind = hasPicture(state) && !state.isVeiled && state.shown?.fromSeconds > seconds + exactSeconds;
  if (!isBehind || state.roundsTimes) return false;
  const before = state.shown.fromSeconds - 3 * roundingSeconds;
  if (state.roundsTimes === false || before < 0) return state.roundsTimes === false;
  await seekOnce(state, before);
  state.roundsTimes ??= true;
  return true;
}
