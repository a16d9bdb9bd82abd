// <video> and <audio> follow the clock. To the browser they are always paused: play() and autoplay only say that they run,
// and each frame seeks what runs to where it is then (video_frames.js). What the page sees of it: its time here, its events
// in media_events.js, its data in media_loading.js.
const {HTMLAudioElement, HTMLVideoElement, MediaStream, TimeRanges, VideoFrame} = globalThis;
const {play: playNatively, pause: pauseNatively} = HTMLMediaElement.prototype;
const {requestVideoFrameCallback: requestVideoCallback, cancelVideoFrameCallback: cancelVideoCallback} = HTMLVideoElement.prototype;
const mediaStates = new WeakMap();  // HTMLMediaElement -> what stateOf() makes
const playing = new Set();          // the states of those that run
const updateMs = 250;               // between two `timeupdate`; HTML allows 15 to 250, browsers take 250

/// Every element that we come across is held from then on.
function stateOf(media) {
  let state = mediaStates.get(media);
  if (state !== undefined) return state;
  state = {
    media,
    isPlaying: false,
    hasPassedFragment: false,
    isInDocument: false,
    mayAutoplay: true,    // HTML, "can autoplay flag"
    isNative: false,      // a stream, which has no time of its own to be moved to
    fromSeconds: null,    // its position at `atMs`, and always if it does not run; null: the browser knows
    atMs: 0,
    rate: 1,              // from `atMs` on
    updatedMs: 0,         // the last `timeupdate`
    played: [],           // [[from, to]...] in seconds
    shown: null,          // {fromSeconds, untilSeconds} of the frame that is shown
    roundsTimes: null,    // to whole milliseconds; null: not known yet
    lastSeek: null,       // of ours and of the page's, an object for each
    presentedFrames: 0,
    toldFrames: 0,        // of these, by requestVideoFrameCallback
    isVeiled: false,      // the page may not look into its frames: they come from elsewhere
    seeks: 1,             // since the last picture; loading shows a frame, too
    view: 0,              // what the last picture shows of it
    sought: [],           // who waits for the end of a seek
    isSoughtByPage: false,   // until `seeked`
    wasSoughtByPage: false,  // and not by us since
    pageSeek: null,
    isSelecting: media.networkState === HTMLMediaElement.NETWORK_NO_SOURCE,  // which source to load
    isLoaded: media.readyState === HTMLMediaElement.HAVE_ENOUGH_DATA,        // and the page was told
    plays: [],            // promises of play() that wait for data: {resolve, reject}
    resets: 0,            // `emptied` events to come of loads that we know of
  };
  if (media instanceof HTMLVideoElement) noteSurface();
  mediaStates.set(media, state);
  if (media instanceof HTMLVideoElement) colouredElements.add(media);
  listenForMedia(media);
  holdNatively(state);
  waitedMedia.add(state);
  return state;
}

/// pause() takes back the permission to start by itself until the next load. Without a source it would begin one.
function holdNatively({media, isNative}) {
  if (!isNative && media.networkState !== HTMLMediaElement.NETWORK_EMPTY) pauseNatively.call(media);
}

const hasMetadata = ({media}) => media.readyState >= HTMLMediaElement.HAVE_METADATA;
const durationOf = ({media}) => media.duration || Infinity;  // NaN while it is unknown
const rawPosition = (state, ms) => state.fromSeconds + ((ms - state.atMs) / 1000) * state.rate;

// What lies less than this before the end is there: Matroska rounds times to 1 ms, so by up to 0.5.
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

/// Where it is may only be known when its metadata have come: a fragment (#t=10) or a currentTime that was set before.
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
  if (state.fromSeconds !== null) misplaced.add(state);  // a timer may pause it between two frames
}

/// Autoplay begins as soon as there is data: that it may begin is known before, and time stands still meanwhile.
function considerAutoplay(state) {
  if (state.media.autoplay && state.mayAutoplay && !state.isNative) startPlaying(state);
}

function learnMedia(media) {
  const state = stateOf(media);
  if (media instanceof HTMLVideoElement) videos.add(state);
  considerAutoplay(state);
}

/// A new load: HTML, "media element load algorithm".
function forgetMedia(state) {
  if (state.isPlaying) stopPlaying(state, null);
  rejectPlays(state, aborted('a new load request'));
  Object.assign(state, {mayAutoplay: true, fromSeconds: null, shown: null, roundsTimes: null, isSoughtByPage: false});
  Object.assign(state, {isLoaded: false, played: [], hasPassedFragment: false});
  state.view = 0;  // it gets another surface (Blink, ClearMediaPlayer)
}

/// Moves what runs to the time of the frame. Undefined if nothing has to be sought, else a promise.
function moveMedia(state) {
  if (!hasData(state.media)) return waitLonger(state);
  state.fromSeconds ??= currentTimeOfMedia.get.call(state.media);
  const duration = durationOf(state);
  if (keepsFinished) return showPosition(state, mediaTimeAt(state, clock.frameMs));  // frames may come in any order
  const stop = fragmentEnd(state);
  if (state.fromSeconds < stop && isAtEnd(rawPosition(state, clock.frameMs), stop)) {
    state.hasPassedFragment = true;
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

/// HTML: what is taken out of a document pauses.
function pauseRemoved() {
  for (const state of playing) {
    const {isInDocument} = state;
    state.isInDocument = state.media.isConnected;
    if (isInDocument && !state.isInDocument) pauseMedia(state);
  }
}

/// What is not waited for any longer does not move on before it is there.
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

/// The second time of a fragment, as in #t=10,20 or #t=,1:30: playing pauses there, once. Infinity if there is none.
function fragmentEnd({media, hasPassedFragment}) {
  const match = hasPassedFragment ? null : /#(?:.*&)?t=(?:npt:)?[\d.:]*,([\d.:]+)/.exec(media.currentSrc);
  return match === null ? Infinity : match[1].split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

/// Media come first in a frame, as in a browser: their positions, then their events.
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

/// Everything that was begun in this frame is shown and told in it.
function* waitForMedia() {
  if (playing.size > 0) pauseRemoved();
  const isBusy = () => waitedMedia.size > 0 || soughtByPage.size > 0 || misplaced.size > 0 || mediaEvents.length > 0;
  for (let round = 0; isBusy() && round < roundLimit; round += 1) {
    yield* waitForData();
    yield* waitForSeeks();
    yield* deliverMediaEvents();
  }
}
