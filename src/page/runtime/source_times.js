// When does a source frame begin? At its time, which in mp4 is exact to a microsecond. Matroska and WebM round it to whole
// milliseconds, so a frame may begin up to 0.5 ms before. Which of both a file does shows in the times of its frames.
const exactSeconds = 0.000002;  // times of frames and positions are both brought to whole microseconds

/// What lies less than this before the time of a frame belongs to it.
const marginOf = ({roundsTimes}) => (roundsTimes === false ? exactSeconds : roundingSeconds);

/// The frame that is shown begins behind the position, which is right only if its time was rounded. Of a time of whole
/// milliseconds the frame before tells (24000/1001 frames a second have one in 24).
async function isEarly(state, seconds) {
  const isBehind = hasPicture(state) && !state.isVeiled && state.shown?.fromSeconds > seconds + exactSeconds;
  if (!isBehind || state.roundsTimes) return false;
  const before = state.shown.fromSeconds - 3 * roundingSeconds;
  if (state.roundsTimes === false || before < 0) return state.roundsTimes === false;
  await seekOnce(state, before);
  state.roundsTimes ??= true;
  return true;
}
