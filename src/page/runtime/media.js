// <video> and <audio> follow the clock. To the browser they are always paused: play() and autoplay only mark them as running, and
// each frame seeks a running element to its position at that time (video_frames.js). Positions are kept here, events in
// media_events.js, loading in media_loading.js.
const {HTMLAudioElement, HTMLVideoElement, MediaStream, TimeRanges, VideoFrame} = globalThis;
const {play: playNatively, pause: pauseNatively} = HTMLMediaElement.prototype;
const {requestVideoFrameCallback: requestVideoCallback, cancelVideoFrameCallback: cancelVideoCallback} = HTMLVideoElement.prototype;
const mediaStates = new WeakMap();  // HTMLMediaElement -> what stateOf() makes
const playing = new Set();          // the states of those that run
const updateMs = 250;               // between two `timeupdate`; HTML allows 15 to 250, browsers take 250

/// The state of an element. At the first call it is made, and the element is paused natively.
function stateOf(media) {
  let state = mediaStates.get(media);
  if (state !== undefined) return state;
  state = {
    media,
    isPlaying: false,
    hasPassedFragment: false,
    isInDocument: false,
    mayAutoplay: true,    // HTML, "can autoplay flag"
    isNative: false,      // it plays a MediaStream, which cannot be sought
    fromSeconds: null,    // position at `atMs`, and from then on if it does not run; null: the browser's currentTime holds
    atMs: 0,
    startSeconds: 0,      // currentTime as the page set it before there were metadata
    rate: 1,              // playback rate from `atMs` on
    updatedMs: 0,         // time of the last `timeupdate`
    played: [],           // [[from, to]...] in seconds
    shown: null,          // {fromSeconds, untilSeconds} of the frame that is shown
    roundsTimes: null,    // whether the file rounds times to whole milliseconds; null: not known yet
    lastSeek: null,       // an object for each seek, by us or by the page, to tell whether it is still the last
    presentedFrames: 0,
    toldFrames: 0,        // how many of these requestVideoFrameCallback has told
    wasLookedAt: false,   // a frame that nobody sought was looked at
    wasSought: false,     // since it was loaded; a poster is shown until then
    isVeiled: false,      // its frames may not be read, because they are of another origin
    seeks: 1,             // seeks since the last picture; loading counts as one, because it shows a frame, too
    view: 0,              // what was visible of it in the last picture (viewOf)
    sought: [],           // resolvers to call at the end of a seek
    untoldSeeks: 0,          // seeks of the page of which it has not been told `seeking`
    isSoughtByPage: false,   // from a seek of the page until `seeked`
    wasSoughtByPage: false,  // the last seek was the page's
    pageSeek: null,
    isSelecting: media.networkState === HTMLMediaElement.NETWORK_NO_SOURCE,  // the browser is choosing a source to load
    isLoaded: media.readyState === HTMLMediaElement.HAVE_ENOUGH_DATA,        // loaded, and the page was told
    plays: [],            // promises of play() that wait for data: {resolve, reject}
    resets: 0,            // how many `emptied` events of known loads are still to come
  };
  mediaStates.set(media, state);
  listenForMedia(media);
  holdNatively(state);
  waitedMedia.add(state);
  return state;
}

/// Pauses the element natively, so that it does not start by itself until the next load. An element without a source is left
/// alone, because there pause() would begin a load.
function holdNatively({media, isNative}) {
  if (!isNative && media.networkState !== HTMLMediaElement.NETWORK_EMPTY) pauseNatively.call(media);
}

const hasMetadata = ({media}) => media.readyState >= HTMLMediaElement.HAVE_METADATA;
const durationOf = ({media}) => media.duration || Infinity;  // NaN while it is unknown
const rawPosition = (state, ms) => state.fromSeconds + ((ms - state.atMs) / 1000) * state.rate;

// A position less than this before the end counts as the end: Matroska rounds times to 1 ms, so they are off by up to 0.5 ms.
const roundingSeconds = 0.0006;
const isAtEnd = (position, duration) => position + roundingSeconds >= duration;
const afterLoops = (position, duration) => Math.max(((position + roundingSeconds) % duration) - roundingSeconds, 0);

function mediaTimeAt(state, ms) {
  if (state.fromSeconds === null) return currentTimeOfMedia.get.call(state.media);
  if (!state.isPlaying) return state.fromSeconds;
  const duration = durationOf(state);
  const position = rawPosition(state, ms);
  return state.media.loop ? afterLoops(position, duration) : Math.min(position, duration);
}

function placeMedia(state, seconds) {
  if (state.isPlaying && state.fromSeconds !== null) notePlayed(state, mediaTimeAt(state, clock.nowMs));
  state.fromSeconds = seconds;
  state.atMs = clock.nowMs;
}

const hasEnded = (state) =>
  hasMetadata(state) && !state.media.loop && mediaTimeAt(state, clock.nowMs) >= durationOf(state);

/// Marks an element as running. Before its metadata have come its position is unknown (null): it may begin at a fragment (#t=10)
/// or at a currentTime that was set before.
function startPlaying(state) {
  const {media} = state;
  state.mayAutoplay = false;
  if (state.isPlaying) return;
  if (hasEnded(state)) seekForPage(state, 0);
  placeMedia(state, hasMetadata(state) ? mediaTimeAt(state, clock.nowMs) : null);
  if (media.readyState === HTMLMediaElement.HAVE_NOTHING) media.preload = 'auto';
  state.rate = media.playbackRate;
  state.updatedMs = clock.nowMs;
  state.isPlaying = true;
  playing.add(state);
  waitedMedia.add(state);
  queueMediaEvent(state, 'play');
  queueMediaEvent(state, hasData(media) ? 'playing' : 'waiting');
}

function stopPlaying(state, seconds) {
  placeMedia(state, seconds);
  state.isPlaying = false;
  playing.delete(state);
}

function pauseMedia(state) {
  stopMedia(state, mediaTimeAt(state, clock.nowMs));
  rejectPlays(state, aborted('a call to pause()'));
  if (state.fromSeconds !== null) misplaced.add(state);  // paused between two frames, it does not show its position yet
}

/// Starts an element with `autoplay`. A browser starts it when there is enough data; here time stands still until then, so it is
/// marked as running as soon as it may start.
function considerAutoplay(state) {
  if (state.media.autoplay && state.mayAutoplay && !state.isNative) startPlaying(state);
}

function learnMedia(media) {
  const state = stateOf(media);
  if (media instanceof HTMLVideoElement) videos.add(state);
  considerAutoplay(state);
}

/// Resets the state for a new load (HTML, "media element load algorithm").
function forgetMedia(state) {
  if (state.isPlaying) stopPlaying(state, null);
  rejectPlays(state, aborted('a new load request'));
  endSeeks(state);
  state.lastSeek = state.pageSeek = null;
  Object.assign(state, {mayAutoplay: true, fromSeconds: null, shown: null, roundsTimes: null, isSoughtByPage: false, untoldSeeks: 0});
  Object.assign(state, {isLoaded: false, played: [], hasPassedFragment: false, wasLookedAt: false, wasSought: false});
  forgetPicture(state.media);
  forgetColours(state.media);
  state.view = 0;  // the element gets another surface (Blink, ClearMediaPlayer)
}

/// Moves a running element to the frame's time. Undefined if no seek is needed, else a promise.
function moveMedia(state) {
  tellControls(state);
  if (!hasData(state.media)) return waitLonger(state);
  state.fromSeconds ??= currentTimeOfMedia.get.call(state.media);
  const duration = durationOf(state);
  if (keepsFinished) return showPosition(state, mediaTimeAt(state, clock.frameMs));  // frames may come in any order
  const stop = Math.min(fragmentEnd(state), cuePause(state));
  if (state.fromSeconds < stop && isAtEnd(rawPosition(state, clock.frameMs), stop)) {
    state.hasPassedFragment ||= stop === fragmentEnd(state);
    stopMedia(state, stop);
  } else if (isAtEnd(rawPosition(state, clock.frameMs), duration)) {
    if (state.media.loop) restartMedia(state, duration);
    else endMedia(state, duration);
  } else if (clock.frameMs - state.updatedMs >= updateMs) {
    state.updatedMs = clock.frameMs;
    queueMediaEvent(state, 'timeupdate');
  }
  return showPosition(state, mediaTimeAt(state, clock.frameMs));
}

/// Pauses running elements that were taken out of their document (HTML).
function pauseRemoved() {
  for (const state of playing) {
    const {isInDocument} = state;
    state.isInDocument = state.media.isConnected;
    if (isInDocument && !state.isInDocument) pauseMedia(state);
  }
}

/// An element whose data are not waited for any longer stays where it is until they are there.
function waitLonger(state) {
  state.atMs = clock.frameMs;
}

function restartMedia(state, duration) {
  const position = mediaTimeAt(state, clock.frameMs);
  notePlayed(state, duration);
  Object.assign(state, {fromSeconds: position, atMs: clock.frameMs, updatedMs: clock.frameMs});
  for (const type of ['timeupdate', 'seeking', 'seeked']) queueMediaEvent(state, type);
}

function stopMedia(state, seconds) {
  stopPlaying(state, seconds);
  for (const type of ['timeupdate', 'pause']) queueMediaEvent(state, type);
}

function endMedia(state, duration) {
  stopMedia(state, duration);
  queueMediaEvent(state, 'ended');
}

/// The end time of a fragment, as in #t=10,20 or #t=,1:30, at which playback pauses once. Infinity if there is none.
function fragmentEnd({media, hasPassedFragment}) {
  const match = hasPassedFragment ? null : /#(?:.*&)?t=(?:npt:)?[\d.:]*,([\d.:]+)/.exec(media.currentSrc);
  return match === null ? Infinity : match[1].split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

/// Moves media, then sends their events. This comes first in a frame, as in a browser.
function* advanceMedia() {
  if (playing.size > 0) {
    yield* moveTransitions(clock.frameMs);  // while we wait, a native frame may apply what a timer changed
    yield* waitForData();
    const seeks = [...playing].map(moveMedia).filter(Boolean);
    if (seeks.length > 0) yield native.Promise.all(seeks);
  }
  yield* waitForSeeks();
  yield* deliverMediaEvents();
}

/// Waits until everything that media began in this frame is shown and its events are sent.
function* waitForMedia() {
  if (playing.size > 0) pauseRemoved();
  if (playing.size > 0) yield* showNewCues();
  const isBusy = () => waitedMedia.size > 0 || soughtByPage.size > 0 || misplaced.size > 0 || mediaEvents.length > 0;
  for (let round = 0; isBusy() && round < roundLimit; round += 1) {
    yield* waitForData();
    yield* waitForSeeks();
    yield* deliverMediaEvents();
  }
  tellFailedMedia();
}
