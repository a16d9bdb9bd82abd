// <video> and <audio>. On the virtual clock they never run by themselves: play() and autoplay say that they follow the
// clock, and each frame shows the middle of its time, which no rounding can move into a neighbouring frame.
const mediaElements = new Set();
const playing = new Map();  // HTMLMediaElement -> {atMs, fromSeconds, rate}
let mediaFollowClock = true;
const {play: playNatively, pause: pauseNatively} = HTMLMediaElement.prototype;

const isLoaded = (media) => media.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA || media.error !== null;

function startPlaying(media) {
  mediaElements.add(media);
  if (playing.has(media)) return;
  if (media.readyState === HTMLMediaElement.HAVE_NOTHING) media.preload = 'auto';
  playing.set(media, {atMs: clock.nowMs, fromSeconds: media.ended ? 0 : media.currentTime, rate: media.playbackRate});
  native.setTimeout(() => media.dispatchEvent(new Event('play')), 0);
}

function learnMedia(media) {
  mediaElements.add(media);
  if (!media.autoplay || !mediaFollowClock) return;
  pauseNatively.call(media);  // also takes back the permission to start by itself
  startPlaying(media);
}

function* seekMedia(media, track) {
  if (!isLoaded(media)) yield waitFor(`video ${media.currentSrc}`, eventOnce(media, 'loadeddata', 'error'));
  if (media.error !== null) return;
  if (track.rate !== media.playbackRate) {
    const fromSeconds = track.fromSeconds + ((clock.frameMs - frameDurationMs - track.atMs) / 1000) * track.rate;
    Object.assign(track, {atMs: clock.frameMs - frameDurationMs, fromSeconds, rate: media.playbackRate});
  }
  const wanted = track.fromSeconds + ((clock.frameMs + frameDurationMs / 2 - track.atMs) / 1000) * track.rate;
  const hasEnded = wanted >= media.duration && !media.loop;
  media.currentTime = hasEnded ? media.duration : wanted % (media.duration || Infinity);
  yield waitFor(`video ${media.currentSrc}`, eventOnce(media, 'seeked', 'error'));
  if (!hasEnded) return;
  playing.delete(media);
  media.dispatchEvent(new Event('ended'));  // a paused element, as this one is to the browser, sends none
}

function* advanceMedia() {
  for (const [media, track] of playing) yield* seekMedia(media, track);
}

/// Waits for seeks that the page itself began (renderFrame pages set currentTime).
function* waitForSeeks() {
  for (const media of mediaElements) {
    if (media.seeking) yield waitFor(`video ${media.currentSrc}`, eventOnce(media, 'seeked', 'error'));
  }
}

function runMediaNatively() {
  mediaFollowClock = false;
  for (const media of playing.keys()) playNatively.call(media).catch(() => {});
  playing.clear();
}

replaceMethod(HTMLMediaElement.prototype, 'play', function play() {
  if (!mediaFollowClock) return playNatively.call(this);
  startPlaying(this);
  return native.Promise.resolve();
});
replaceMethod(HTMLMediaElement.prototype, 'pause', function pause() {
  if (playing.delete(this)) this.dispatchEvent(new Event('pause'));
  pauseNatively.call(this);
});
const pausedNatively = replaceAccessor(HTMLMediaElement.prototype, 'paused', {
  get() {
    return playing.has(this) ? false : pausedNatively.get.call(this);
  },
});
