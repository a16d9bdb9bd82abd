// Events of media. The browser's own events tell of our seeks and of elements that it takes for paused, so most of them are
// stopped here. The page gets events that fit what it sees.
const mediaEvents = [];  // {state, type}, to be sent in this order
const eventsOfPlaying = new Set(['play', 'playing', 'pause', 'waiting', 'ended']);
const endOfSeek = ['timeupdate', 'seeked'];  // in this order (HTML, "seek")
const eventsOfLoading = ['loadstart', 'loadedmetadata', 'loadeddata', 'canplay', 'canplaythrough', 'emptied', 'error'];
const watchedEvents = [...eventsOfPlaying, 'seeking', ...endOfSeek, ...eventsOfLoading];
let lastMediaEvent = null;

/// Listens at a window or shadow root, before all listeners of the page, or at an element, before other listeners on it.
function listenForMedia(target) {
  for (const type of watchedEvents) listen.call(target, type, onMediaEvent, {capture: true, passive: true});
}

function onMediaEvent(event) {
  if (event === lastMediaEvent || !event.isTrusted) return;
  if (event.type === 'error' && event.target instanceof HTMLSourceElement) noteFailedSource(event.target);
  if (!(event.target instanceof HTMLMediaElement)) return;
  lastMediaEvent = event;  // the same event passes the window and the element
  const state = stateOf(event.target);
  if (state.isNative) return;
  if (!isForPage(state, event.type)) stopEvent.call(event);
  mediaChanges[event.type]?.(state);
}

function isForPage(state, type) {
  if (eventsOfPlaying.has(type) || endOfSeek.includes(type)) return false;
  if (type === 'seeking') return takeSeeking(state);
  return !state.isLoaded || !type.startsWith('canplay') || state.wasSoughtByPage;  // each seek sends canplay and canplaythrough
}

/// True for one `seeking` of each seek of the page: to get at a frame, there may be several of ours.
function takeSeeking(state) {
  const isOfPage = state.untoldSeeks > 0;
  if (isOfPage) state.untoldSeeks -= 1;
  return isOfPage;
}

/// When the last <source> has failed, an element has no `error` event of its own.
function noteFailedSource(source) {
  if (source.parentNode instanceof HTMLMediaElement) failedMedia.add(stateOf(source.parentNode));
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
    else if (!state.isPlaying || state.fromSeconds !== null) forgetMedia(state);  // else play() was called since the load began
  },
  loadedmetadata(state) {
    if (state.startSeconds > 0) followStart(state);
    considerAutoplay(state);
  },
  loadeddata(state) {
    considerAutoplay(state);
    if (state.isPlaying) queueMediaEvent(state, 'playing');
  },
  canplaythrough(state) {
    considerAutoplay(state);
    state.isLoaded = true;
    if (clock.frame >= 0) state.mayAutoplay = false;  // before frame 0, the network decides whether data or scripts come first
  },
  error(state) {
    rejectPlays(state, unsupported());
    endSeeks(state);
    failedMedia.add(state);
  },
  /// The element was not known before it had data (in no document, and made by innerHTML), so it began to play by itself.
  play(state) {
    if (pausedNatively.get.call(state.media)) return;
    pauseNatively.call(state.media);
    startPlaying(state);
    placeMedia(state, 0);
  },
  seeked(state) {
    if (seekingNatively.get.call(state.media)) return;  // another seek has begun meanwhile
    endSeeks(state);
  },
};

/// Queues an event for the page. Steps send queued events at their time; while the page loads or runs natively, a message does.
function queueMediaEvent(state, type) {
  mediaEvents.push({state, type});
  if (mediaEvents.length === 1) messageTurn().then(sendMediaEvents);  // in order with the browser's own events
}

function sendMediaEvents() {
  for (const {state, type} of mediaEvents.splice(0)) {
    sendEvent(state.media, new Event(type));
    if (type !== 'playing') continue;
    for (const {resolve} of state.plays.splice(0)) resolve();  // promises of play()
  }
}

/// The page hears of the end of its seek when the element has the frame, and not when the browser says so: a listener that draws
/// it would now and then draw the frame before.
function endPageSeek(state) {
  state.isSoughtByPage = false;
  if (state.media.error !== null) return;
  sendMediaEvents();
  for (const type of endOfSeek) sendEvent(state.media, new Event(type));
}

function* deliverMediaEvents() {
  for (let round = 0; mediaEvents.length > 0 && round < roundLimit; round += 1) {
    sendMediaEvents();
    yield settleMicrotasks();
  }
}

listenForMedia(globalThis);
