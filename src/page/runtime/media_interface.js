// The methods and attributes of <video> and <audio> that pages use, on the runtime's clock.
replaceMethod(HTMLMediaElement.prototype, 'play', function play() {
  const state = stateOf(this);
  if (state.isNative) return playNatively.call(this);
  if (hasFailed(state)) return native.Promise.reject(unsupported());
  const isRunning = state.isPlaying && hasData(this) && state.plays.length === 0;
  startPlaying(state);
  if (isRunning) return native.Promise.resolve();
  return new native.Promise((resolve, reject) => state.plays.push({resolve, reject}));
});
replaceMethod(HTMLMediaElement.prototype, 'pause', function pause() {
  const state = stateOf(this);
  state.mayAutoplay = false;
  if (state.isPlaying) pauseMedia(state);
  pauseNatively.call(this);
});
const pausedNatively = replaceAccessor(HTMLMediaElement.prototype, 'paused', {
  get() {
    const state = mediaStates.get(this);
    return state === undefined || state.isNative ? pausedNatively.get.call(this) : !state.isPlaying;
  },
});
const endedNatively = replaceAccessor(HTMLMediaElement.prototype, 'ended', {
  get() {
    const state = mediaStates.get(this);
    return state === undefined || state.isNative ? endedNatively.get.call(this) : hasEnded(state);
  },
});
const seekingNatively = replaceAccessor(HTMLMediaElement.prototype, 'seeking', {
  get() {
    const state = mediaStates.get(this);
    return state === undefined || state.isNative ? seekingNatively.get.call(this) : state.isSoughtByPage;
  },
});
const currentTimeOfMedia = replaceAccessor(HTMLMediaElement.prototype, 'currentTime', {
  get() {
    const state = mediaStates.get(this);
    return state === undefined || state.isNative ? currentTimeOfMedia.get.call(this) : mediaTimeAt(state, clock.nowMs);
  },
  set(value) {
    const seconds = Number(value);
    const state = stateOf(this);
    if (state.isNative || !Number.isFinite(seconds) || !hasMetadata(state)) {
      currentTimeOfMedia.set.call(this, value);
      if (!hasMetadata(state)) state.startSeconds = seconds;
    } else {
      seekForPage(state, seconds);
    }
  },
});
const playbackRateOfMedia = replaceAccessor(HTMLMediaElement.prototype, 'playbackRate', {
  set(value) {
    playbackRateOfMedia.set.call(this, value);
    const state = stateOf(this);
    if (!state.isPlaying) return;
    placeMedia(state, state.fromSeconds === null ? null : mediaTimeAt(state, clock.nowMs));
    state.rate = this.playbackRate;
  },
});

const autoplayOfMedia = replaceAccessor(HTMLMediaElement.prototype, 'autoplay', {
  set(value) {
    autoplayOfMedia.set.call(this, value);
    considerAutoplay(stateOf(this));
  },
});

// These calls begin a load. A load that begins in another way is noticed by its `emptied` event.
function beginsLoad(media) {
  const state = stateOf(media);
  if (media.networkState !== HTMLMediaElement.NETWORK_EMPTY) state.resets += 1;
  forgetMedia(state);
  state.isSelecting = true;
  waitedMedia.add(state);
  return state;
}
const {load: loadNatively} = HTMLMediaElement.prototype;
replaceMethod(HTMLMediaElement.prototype, 'load', function load() {
  beginsLoad(this);
  loadNatively.call(this);
});
const srcOfMedia = replaceAccessor(HTMLMediaElement.prototype, 'src', {
  set(value) {
    beginsLoad(this);
    srcOfMedia.set.call(this, value);
  },
});
const srcObjectOfMedia = replaceAccessor(HTMLMediaElement.prototype, 'srcObject', {
  set(value) {
    const state = beginsLoad(this);
    state.isNative = value instanceof MediaStream;
    srcObjectOfMedia.set.call(this, value);
    if (state.isNative) warnOnce(`a MediaStream in <${this.localName}> runs in real time, not by the clock`);
  },
});

/// Makes a TimeRanges object whose own properties hide those of the prototype.
replaceAccessor(HTMLMediaElement.prototype, 'played', {
  get() {
    const ranges = playedRanges(stateOf(this));
    const own = (value) => ({value, enumerable: false});
    return Object.create(TimeRanges.prototype, {
      length: own(ranges.length), start: own((index) => ranges[index][0]), end: own((index) => ranges[index][1]),
    });
  },
});

function notePlayed(state, untilSeconds) {
  const fromSeconds = state.fromSeconds;
  if (untilSeconds > fromSeconds) state.played.push([fromSeconds, untilSeconds]);
}

/// Sorted and joined where they touch.
function playedRanges(state) {
  const ranges = state.played.map((range) => [...range]);
  if (state.isPlaying && state.fromSeconds !== null) ranges.push([state.fromSeconds, mediaTimeAt(state, clock.nowMs)]);
  ranges.sort((a, b) => a[0] - b[0]);
  return ranges.reduce((joined, [from, to]) => {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else if (to > from) joined.push([from, to]);
    return joined;
  }, []);
}

// Elements that are in no document are learnt when they are made.
const {createElement: createElementNatively, createElementNS: createElementNSNatively} = Document.prototype;
function meetMedia(element) {
  if (element instanceof HTMLMediaElement) stateOf(element);
  return element;
}
replaceMethod(Document.prototype, 'createElement', function createElement(name, options) {
  return meetMedia(createElementNatively.call(this, name, options));
});
replaceMethod(Document.prototype, 'createElementNS', function createElementNS(namespace, name, options) {
  return meetMedia(createElementNSNatively.call(this, namespace, name, options));
});
globalThis.Audio = new Proxy(globalThis.Audio, {
  construct: (target, values, newTarget) => meetMedia(Reflect.construct(target, values, newTarget)),
});
