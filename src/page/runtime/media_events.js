// Events of media. The browser's own tell of our seeks and of elements that are always paused, so most of them stop here; the
// page gets those that belong to what it sees.
const mediaEvents = [];  // {state, type}, to be sent in this order
const eventsOfPlaying = new Set(['play', 'playing', 'pause', 'waiting', 'ended']);
const eventsOfSeeks = new Set(['seeking', 'seeked', 'timeupdate']);
const eventsOfLoading = ['loadstart', 'loadedmetadata', 'loadeddata', 'canplay', 'canplaythrough', 'emptied', 'error'];
const watchedEvents = [...eventsOfPlaying, ...eventsOfSeeks, ...eventsOfLoading];
let lastMediaEvent = null;

/// For a document or shadow root before all listeners of the page, for an element before those on itself.
function listenForMedia(target) {
  for (const type of watchedEvents) listen.call(target, type, onMediaEvent, {capture: true, passive: true});
}

function onMediaEvent(event) {
  if (event === lastMediaEvent || !event.isTrusted || !(event.target instanceof HTMLMediaElement)) return;
  lastMediaEvent = event;  // it passes the document and the element
  const state = stateOf(event.target);
  if (state.isNative) return;
  if (!isForPage(state, event.type)) stopEvent.call(event);
  mediaChanges[event.type]?.(state);
}

function isForPage(state, type) {
  if (eventsOfPlaying.has(type)) return false;
  if (eventsOfSeeks.has(type)) return state.isSoughtByPage;
  return !state.isLoaded || !type.startsWith('canplay') || state.wasSoughtByPage;  // each seek has them again
}

const mediaChanges = {
  loadstart(state) {
    Object.assign(state, {isSelecting: false, isLoaded: false});
    holdNatively(state);
    loadToTheEnd(state);
    considerAutoplay(state);
    waitedMedia.add(state);
  },
  emptied(state) {
    if (state.resets > 0) state.resets -= 1;
    else if (!state.isPlaying || state.fromSeconds !== null) forgetMedia(state);  // else play() was called after it
  },
  loadedmetadata: considerAutoplay,
  loadeddata(state) {
    considerAutoplay(state);
    if (state.isPlaying) queueMediaEvent(state, 'playing');
  },
  canplaythrough(state) {
    considerAutoplay(state);
    state.isLoaded = true;
    if (clock.frame >= 0) state.mayAutoplay = false;  // before, it depends on the line which comes first, data or scripts
  },
  error: (state) => rejectPlays(state, unsupported()),
  /// It was not met before it had data (in no document, and made by innerHTML), so it began by itself.
  play(state) {
    if (pausedNatively.get.call(state.media)) return;
    pauseNatively.call(state.media);
    startPlaying(state);
    placeMedia(state, 0);
  },
  seeked(state) {
    if (seekingNatively.get.call(state.media)) return;  // another one has begun meanwhile
    state.isSoughtByPage = false;
    for (const resolve of state.sought.splice(0)) resolve();
  },
};

/// Steps send them at their time. While the page loads, and beside renderFrame, a turn of the event loop does.
function queueMediaEvent(state, type) {
  mediaEvents.push({state, type});
  if (mediaEvents.length === 1) messageTurn().then(sendMediaEvents);  // among events of the browser, in their order
}

function sendMediaEvents() {
  for (const {state, type} of mediaEvents.splice(0)) {
    sendEvent(state.media, new Event(type));
    if (type !== 'playing') continue;
    for (const {resolve} of state.plays.splice(0)) resolve();  // of play()
  }
}

function* deliverMediaEvents() {
  for (let round = 0; mediaEvents.length > 0 && round < roundLimit; round += 1) {
    sendMediaEvents();
    yield settleMicrotasks();
  }
}

listenForMedia(globalThis);
