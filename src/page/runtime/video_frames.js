// Which frame a video shows. As in a browser, it is the source frame within whose duration the video's position lies.
const soughtByPage = new Set();  // states with a seek of the page under way
const misplaced = new Set();     // states that were paused between two frames

const hasPicture = ({media}) => media instanceof HTMLVideoElement && media.videoWidth > 0;
/// The browser shows the poster until the first seek (HTML, "show poster flag"; it never plays by itself here).
const showsPoster = ({media, wasSought}) => media.poster !== '' && !wasSought;
const isWithin = (shown, seconds) => shown !== null && seconds >= shown.fromSeconds && seconds < shown.untilSeconds;

/// Resolved when a seek ends and no other is under way.
function untilSought(state) {
  const sought = new native.Promise((resolve) => state.sought.push(resolve));
  if (isOwnFile(state.media.currentSrc)) return sought;
  const limit = nativePause(requestLimitMs).then(() => state.sought.length > 0 && tellUnanswered(state, 'was not sought'));
  return native.Promise.race([sought, limit]);
}

function setPosition(state, seconds) {
  const wanted = Math.min(seconds + marginOf(state), durationOf(state));
  currentTimeOfMedia.set.call(state.media, wanted);
  return wanted;
}

/// Seeks to the frame and the cues at `seconds`. Undefined if they are there already. An element that rests must also stand at
/// its position for cues that are still to come.
function showPosition(state, seconds) {
  if (!hasMetadata(state)) return undefined;
  const stops = cueStops(state, seconds + marginOf(state));
  const mustStand = !state.isPlaying && (hasTracks(state) || !hasPicture(state));
  const isThere = !hasPicture(state) || (isWithin(state.shown, seconds + marginOf(state)) && !showsPoster(state));
  if (isThere && stops === null && !mustStand) return undefined;
  state.wasSoughtByPage = false;
  return waitFor(() => labelOf(state), seekPast(state, stops ?? [], seconds));
}

/// Seeks to `seconds` by way of `stops`, unless the page seeks in an event of a cue.
async function seekPast(state, stops, seconds) {
  for (const stop of [...stops, seconds]) {
    if (soughtByPage.has(state)) return;
    await seekMedia(state, stop);
    if (hasTracks(state)) await settleMicrotasks();  // for their events
  }
}

/// Also for an element that can no longer be played, whose seeks the browser does not end.
function endSeeks(state) {
  for (const resolve of state.sought.splice(0)) resolve();
}

async function seekMedia(state, seconds) {
  if (state.media.error !== null) return endSeeks(state);
  const mine = (state.lastSeek = {});
  const {presentedFrames, shown} = state;
  const wanted = await seekOnce(state, seconds);
  if (state.media.error !== null || state.lastSeek !== mine) return;
  tellUnreached(state, wanted);
  if (!(await isEarly(state, seconds)) || state.lastSeek !== mine) return;
  Object.assign(state, {presentedFrames, shown});
  await seekOnce(state, seconds);
}

async function seekOnce(state, seconds) {
  const sought = untilSought(state);
  state.seeks += 1;
  state.wasSought = true;
  const wanted = setPosition(state, seconds);
  await sought;
  await untilShown(state, wanted);
  return wanted;
}

/// A seek ends where the browser can go: at 0, if the server sends a file from its beginning only.
function tellUnreached({media}, wanted) {
  const seconds = currentTimeOfMedia.get.call(media);
  if (seekingNatively.get.call(media) || Math.abs(seconds - wanted) < 0.1) return;  // a seek may end at a frame nearby
  const {seekable} = media;
  const isFixed = seekable.length === 0 || seekable.end(seekable.length - 1) < wanted;
  warnOnce(`${labelOf({media})} shows wrong pictures or sounds: Chromium cannot go to every time of it` +
           (isFixed ? ', because its server answers no requests for parts (Accept-Ranges: bytes); use one that does' : ''));
}

/// Notes a seek of the page's, and where it goes. It ends within the same film frame, with its events.
function notePageSeek(state, seconds) {
  const position = Math.min(Math.max(seconds, 0), durationOf(state));
  placeMedia(state, position);
  Object.assign(state, {isSoughtByPage: true, wasSoughtByPage: true, untoldSeeks: state.untoldSeeks + 1});
  soughtByPage.add(state);
  return position;
}

function seekForPage(state, seconds) {
  trackPageSeek(state, seekMedia(state, notePageSeek(state, seconds)));
}

function trackPageSeek(state, seek) {
  const presented = presentedBy(state, seek);
  state.pageSeek = presented;
  presented.then(() => {
    if (state.pageSeek === presented) endPageSeek(state);  // else another has begun
  });
}

/// Each seek of a page presents a frame (requestVideoFrameCallback), also if it is the one that was there: the browser has decoded
/// it anew.
function presentedBy(state, seek) {
  const {presentedFrames} = state;
  return seek.then(() => (state.presentedFrames = Math.max(state.presentedFrames, presentedFrames + 1)));
}

/// The browser has begun by itself to seek to the time that the page set before there were metadata (HTML, "default playback
/// start position"). For the page it is a seek of its own.
function followStart(state) {
  const position = notePageSeek(state, state.startSeconds);
  Object.assign(state, {startSeconds: 0, wasSought: true});
  const mine = (state.lastSeek = {});
  const ended = untilSought(state).then(() => (state.lastSeek === mine ? seekMedia(state, position) : undefined));
  trackPageSeek(state, ended);
}

async function untilPageSought(state) {
  await state.pageSeek;  // its end has been told then
  if (!state.isSoughtByPage) soughtByPage.delete(state);
}

function* waitForSeeks() {
  for (const state of misplaced) {
    misplaced.delete(state);
    const seek = soughtByPage.has(state) ? undefined : showPosition(state, state.fromSeconds);
    if (seek !== undefined) yield seek;
  }
  if (soughtByPage.size === 0) return;
  yield native.Promise.all([...soughtByPage].map((state) => waitFor(() => labelOf(state), untilPageSought(state))));
  yield settleMicrotasks();  // for events that the page's own handlers caused
}

/// Waits until the element has the frame at `seconds`: the browser may send `seeked` before it has handed the frame over
/// (VideoFrameCompositor::PaintSingleFrame).
async function untilShown(state, seconds) {
  if (!hasPicture(state)) return;
  for (let tries = 0; tries < 50; tries += 1) {
    const frame = frameOf(state);
    state.isVeiled = frame === null;
    if (state.isVeiled) return noteShown(state, {fromSeconds: seconds, untilSeconds: seconds});
    if (isWithin(frame, seconds)) return noteShown(state, frame);
    await (tries < 10 ? settleMicrotasks() : nativePause(1));
  }
}

/// The times of the frame that the element shows; null if it is of another origin and may not be read.
function frameOf(state) {
  try {
    const frame = new VideoFrame(state.media);
    const {timestamp, duration} = frame;  // whole microseconds
    frame.close();
    if (timestamp % 1000 !== 0) state.roundsTimes = false;
    const untilSeconds = (timestamp + (duration ?? 0)) / 1e6;
    const isLast = isAtEnd(untilSeconds, durationOf(state));
    return {fromSeconds: timestamp / 1e6, untilSeconds: isLast ? Infinity : untilSeconds};
  } catch {
    return null;
  }
}

function noteShown(state, frame) {
  if (state.shown?.fromSeconds !== frame.fromSeconds) state.presentedFrames += 1;
  state.shown = frame;
}
