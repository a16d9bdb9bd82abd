// Instances of Helios (@helios-project/core 5) in a page. One that is bound to the document's timeline follows the number in
// window.__HELIOS_VIRTUAL_TIME__, in milliseconds; one that is not is sought, if the page has it as window.helios
// (docs/page-contracts.md).
const toldHeliosTime = {get: heliosTime, set: keepHeliosTime};

/// The number is there before the page's scripts. An instance that is bound to it puts an accessor of its own in place of this one,
/// by which it is known. To no other page this says anything.
Object.defineProperty(window, '__HELIOS_VIRTUAL_TIME__', {...toldHeliosTime, configurable: true});

function keepHeliosTime(value) {
  Object.defineProperty(window, '__HELIOS_VIRTUAL_TIME__', {value, configurable: true, enumerable: true, writable: true});
}

/// Pages write `window.__HELIOS_PROPS__ ?? {...}`, so it is not there if there are no props.
function giveHeliosProps(props) {
  if (Object.keys(props).length === 0) return;
  Object.defineProperty(window, '__HELIOS_PROPS__', {value: props, configurable: true, writable: true});
}

const heliosSignals = ['width', 'height', 'fps', 'duration', 'currentFrame'];
const heliosMethods = ['seek', 'pause', 'subscribe', 'bindToDocumentTimeline', 'waitUntilStable'];

/// The page's instance, or null if it does not show one. An <iframe name="helios"> is a name of the window, too.
function shownHelios() {
  try {
    const helios = defined('helios');
    const isInstance = heliosSignals.every((name) => typeof helios[name].value === 'number') &&
      heliosMethods.every((name) => typeof helios[name] === 'function');
    return isInstance ? helios : null;
  } catch {
    return null;  // a window of another origin, or undefined
  }
}

function isHeliosBound() {
  const {set} = Object.getOwnPropertyDescriptor(window, '__HELIOS_VIRTUAL_TIME__') ?? {};
  return set !== undefined && set !== keepHeliosTime;
}

/// A whole number without the noise of computing with fractions.
const withoutNoise = (number) => (Math.abs(number - Math.round(number)) < 1e-6 ? Math.round(number) : number);

/// The present time in milliseconds, so that an instance that computes its frame of it, `time / 1000 * fps`, comes to no less than
/// the whole number: of the plain time, one frame in twelve at 30 fps comes to 12.999999999999998 and the like, and pages round
/// down.
function heliosTime() {
  const plainMs = pageFrameTime();
  const fps = shownHelios()?.fps.value ?? config.fps.num / config.fps.den;
  const frame = withoutNoise((plainMs / 1000) * fps);
  if (!Number.isInteger(frame)) return plainMs;
  const nearby = [0, 1, -1, 2, -2, 3, -3].map((steps) => plainMs * (1 + steps * Number.EPSILON));
  const frameAt = (ms) => (ms / 1000) * fps;
  return nearby.find((ms) => frameAt(ms) === frame) ?? nearby.find((ms) => frameAt(ms) >= frame) ?? plainMs;
}

/// Plays are for a preview: they would count on from the frame that is sought.
function seekHelios(helios) {
  if (helios.isVirtualTimeBound) return;
  if (helios.isPlaying?.value === true) helios.pause();
  helios.seek(withoutNoise((pageFrameTime() / 1000) * helios.fps.value));
}

/// One that is not paused follows the clock by itself.
function seekHeliosTimeline(timeMs) {
  const timeline = defined('__helios_gsap_timeline__');
  if (typeof timeline?.seek === 'function' && timeline.paused?.() !== false) timeline.seek(timeMs / 1000);
}

/// Where an instance with autoSyncAnimations puts media; without it Helios leaves that to the renderer.
function placeHeliosMedia(timeMs) {
  const placed = ['audio', 'video'].flatMap((name) => [`${name}[data-helios-offset]`, `${name}[data-helios-seek]`]).join();
  for (const root of [document, ...shadowRoots]) {
    for (const media of root.querySelectorAll(placed)) {
      const [offset, inPoint] = ['offset', 'seek'].map((name) => Number.parseFloat(media.getAttribute(`data-helios-${name}`)) || 0);
      const passed = timeMs / 1000 - offset;
      const loops = media.loop && media.duration > 0 && media.duration < Infinity;
      const played = loops ? (passed + inPoint) % media.duration : Math.max(passed + inPoint, 0);
      const seconds = passed < 0 ? inPoint : played;
      media.pause();
      if (Math.abs(media.currentTime - seconds) > 0.001) media.currentTime = seconds;
    }
  }
}

const hasHelios = () => isHeliosBound() || shownHelios() !== null;

/// Part of every step, as an instance may be made at any time. True if there is one.
function* moveHelios() {
  if (!hasHelios()) return false;
  callPage(followHelios, []);
  yield settleMicrotasks();
  return true;
}

function followHelios() {
  const helios = shownHelios();
  const timeMs = heliosTime();
  if (isHeliosBound()) window.__HELIOS_VIRTUAL_TIME__ = timeMs;
  if (helios !== null) seekHelios(helios);
  seekHeliosTimeline(timeMs);
  placeHeliosMedia(timeMs);
}

function tellHeliosTracks({availableAudioTracks, audioTracks, muted}) {
  for (const {id, src} of muted?.value ? [] : availableAudioTracks?.value ?? []) {
    if (audioTracks?.value[id]?.muted) continue;
    warnOnce(`the composition plays the audio track "${id}" (${shortUrl(String(src))}): sound of the page is not in the film yet; ` +
             'give it as a track of audio');
  }
}

/// What it waits for meanwhile comes, and timers and animation frames that are asked for run in real time, since a check of the
/// page's own may need them. Those that were asked for before are the next frame's.
function* awaitStable(helios) {
  let isStable = false;
  const stable = waitFor('waitUntilStable() of window.helios', helios.waitUntilStable()).then(
    () => { isStable = true; },
    (error) => { throw failure('waitUntilStable() of window.helios failed', error); });
  stable.catch(() => {});  // it is looked at below
  yield settleMicrotasks();
  for (;;) {
    yield* waitForRequests();
    yield* stepWorkers(false);
    yield* waitForIncoming();
    if (isStable) return;
    yield native.Promise.race([stable, nativePause(2)]);
  }
}

function* settleHelios() {
  const helios = shownHelios();
  if (helios === null) return;
  tellHeliosTracks(helios);
  runNewNatively(true);
  try {
    yield* awaitStable(helios);
  } finally {
    runNewNatively(false);
  }
  yield* advanceAnimations(clock.frameMs);
}
