// Data of media: time stands still while they load, as far as the browser loads them by itself.
const waitedMedia = new Set();  // states
const unsupported = () => new DOMException('Failed to load because no supported source was found.', 'NotSupportedError');
const aborted = (what) => new DOMException(`The play() request was interrupted by ${what}.`, 'AbortError');
const hasData = (media) => media.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
const hasFailed = ({media, isSelecting}) =>
  media.error !== null || (media.networkState === HTMLMediaElement.NETWORK_NO_SOURCE && !isSelecting);
const labelOf = ({media}) => `${media.localName} ${shortUrl(media.currentSrc)}`;

/// With preload="metadata", which is the default, timing decides whether `loadeddata` comes. So all data are loaded.
function loadToTheEnd({media}) {
  if (media.preload !== 'none') media.preload = 'auto';
}

/// True if loading is over: it has ended, has failed, or does not begin.
function isSettled(state) {
  const {media} = state;
  if (state.isLoaded || state.isNative || hasFailed(state)) return true;
  if (media.networkState === HTMLMediaElement.NETWORK_EMPTY) return true;
  return media.networkState === HTMLMediaElement.NETWORK_IDLE && !state.isSelecting &&
    (hasData(media) || (media.preload === 'none' && !state.isPlaying));
}

/// Polls until loading is over: it may fail in many ways, and not each of them has an event.
async function untilSettled(state) {
  const limitMs = isOwnFile(state.media.currentSrc) ? Infinity : native.now() + requestLimitMs;
  while (!isSettled(state) && native.now() < limitMs) await nativePause(2);
  waitedMedia.delete(state);
  if (!isSettled(state)) tellUnanswered(state, 'has no data');
}

function tellUnanswered(state, what) {
  warnOnce(`${labelOf(state)} ${what} after ${requestLimitMs / 1000} s and is not waited for any longer: ` +
           'it may come at another frame in each render');
}

/// The browser draws controls of its own for the element, which it holds paused.
function tellControls(state) {
  if (!state.media.controls || !state.media.isConnected) return;
  warnOnce(`${labelOf(state)}: its controls do not follow the film: they show the sign for playing although it plays, and their ` +
           'time line may stand elsewhere');
}

function* waitForData() {
  if (waitedMedia.size === 0) return;
  yield settleMicrotasks();  // a load begins in a later turn of the event loop
  for (const state of waitedMedia) {
    if (isSettled(state)) waitedMedia.delete(state);
  }
  if (waitedMedia.size === 0) return;
  yield native.Promise.all([...waitedMedia].map((state) => waitFor(() => labelOf(state), untilSettled(state))));
  yield settleMicrotasks();
}

function rejectPlays(state, error) {
  for (const {reject} of state.plays.splice(0)) reject(error);
}
