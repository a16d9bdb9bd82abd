// Contract of a Remotion bundle, the folder that `remotion bundle` of 4.0.250 or later writes. Its script offers functions to
// whoever renders it: remotion_setBundleMode() mounts either all compositions without a picture, to ask for their sizes and
// lengths, or one of them; remotion_setFrame() shows a frame; remotion_renderReady is true while no delayRender() is open
// (docs/page-contracts.md).
const remotionFormat = '11';  // window.siteVersion; it is counted up when these functions change
const {film} = config;
let remotion = null;  // {wait, compositions, frame}; null: the page is no bundle of this format

/// Calls `act` when a script of the page assigns the global variable.
function whenAssigned(name, act) {
  Object.defineProperty(window, name, {
    configurable: true,
    set(value) {
      Object.defineProperty(window, name, {value, configurable: true, enumerable: true, writable: true});
      act();
    },
  });
}

/// index.html assigns its versions before it loads the bundle's script, which looks at these variables to know that it is
/// rendered. By itself it shows the Studio. No other page gets them: one with Remotion's <Player> has to stay a player. In older
/// bundles the script itself assigns the versions, when it has looked already.
function tellBundleThatItIsRendered() {
  const isTooLate = window.remotion_delayRenderHandles !== undefined;
  if (window.siteVersion !== remotionFormat || isTooLate) return;
  remotion = {wait: null, compositions: [], frame: Math.max(film.firstFrame - 1, 0)};
  const afterOursMs = 10_000;  // delayRender() gives up 2 s before the limit that it is told; ours come first and say more
  Object.assign(window, {
    remotion_puppeteerTimeout: film.longestLimitMs + afterOursMs,
    remotion_isMainTab: true,
    remotion_mediaCacheSizeInBytes: null,
    remotion_initialMemoryAvailable: 4 * 2 ** 30,  // bytes, the same on every machine
    remotion_broadcastChannel: new BroadcastChannel('remotion-video-frame-extraction'),
    remotion_inputProps: film.props,
    remotion_initialFrame: remotion.frame,
    remotion_attempt: 1,
    remotion_proxyPort: film.mediaPort,
    remotion_audioEnabled: true,
    remotion_videoEnabled: true,
    remotion_sampleRate: 48000,
    remotion_logLevel: 'info',
    process: {...window.process, env: {...window.process?.env, NODE_ENV: 'production'}},
  });
  for (const name of ['remotion_renderReady', 'remotion_cancelledError']) watchVariable(name, endRemotionWait);
}
if (parent === null) whenAssigned('remotion_version', tellBundleThatItIsRendered);

/// Calls `act` at each assignment.
function watchVariable(name, act) {
  let value;
  Object.defineProperty(window, name, {
    configurable: true,
    enumerable: true,
    get: () => value,
    set(assigned) {
      value = assigned;
      act();
    },
  });
}

function endRemotionWait() {
  const isCancelled = window.remotion_cancelledError !== undefined;
  if (remotion.wait === null || (window.remotion_renderReady !== true && !isCancelled)) return;
  const resolve = remotion.wait;
  remotion.wait = null;
  resolve();
}

function throwCancelled() {
  const {remotion_cancelledError: cancelled} = window;
  if (cancelled === undefined) return;
  const [message] = String(cancelled).split('\n');
  throw failure('the composition cannot be rendered', {message: message.replace(/^Error: /, ''), stack: String(cancelled)});
}

function openHandles() {
  const labels = Object.values(window.remotion_delayRenderTimeouts ?? {}).map(({label}) => `"${label ?? 'without a label'}"`);
  return labels.length > 0 ? `delayRender() ${labels.join(', ')}` : 'Remotion';
}

/// Waits until no delayRender() is open, and until what the page has made ready to run, such as an effect, opens no other.
function* untilRendered() {
  do {
    yield waitFor(openHandles, new native.Promise((resolve) => {
      remotion.wait = resolve;
      endRemotionWait();
    }));
    yield settleMicrotasks();
    throwCancelled();
  } while (window.remotion_renderReady !== true);
}

function chosenNames() {
  const names = [...window.remotion_getCompositionNames()];
  const list = `it has ${names.join(', ') || 'none'}`;
  if (film.isRendered) throw new Error(`this is a Remotion bundle: say which composition is rendered (composition_id); ${list}`);
  if (film.id === '') return names;
  if (names.includes(film.id)) return [film.id];
  throw new Error(`composition_id: the Remotion bundle has no composition '${film.id}'; ${list}`);
}

/// All that a chunk needs to mount the composition without asking its calculateMetadata() again, which may answer otherwise.
function describedRemotion({serializedResolvedPropsWithCustomSchema, serializedDefaultPropsWithCustomSchema, ...rest}) {
  const described = JSON.stringify({...rest, props: serializedResolvedPropsWithCustomSchema, inputProps: film.props});
  const mostLetters = 4 * 2 ** 20;  // as for props (validate.cpp)
  if (described.length > mostLetters) throw new Error('its props are longer than 4 MiB: let it fetch what is so large');
  return described;
}

function* askComposition(id, isOnly) {
  try {
    const found = yield waitFor(`calculateMetadata() of '${id}'`, window.remotion_calculateComposition(id));
    const size = {width: found.width, height: found.height, fps: found.fps, frames: found.durationInFrames};
    return {id, ...checkedSettings('', size), described: isOnly ? describedRemotion({...found, id}) : ''};
  } catch (error) {
    return {id, error: messageOf(error)};
  }
}

function* askCompositions() {
  window.remotion_setBundleMode({type: 'evaluation'});
  yield* untilRendered();
  const names = chosenNames();
  for (const id of names) remotion.compositions.push(yield* askComposition(id, names.length === 1));
}

function* mountComposition({id, width, height, fps, durationInFrames, props, inputProps, ...defaults}) {
  if (inputProps !== film.props || (film.id !== '' && film.id !== id)) {
    throw new Error("described was made for other props or another composition: leave it empty, so that the composition is asked again");
  }
  const compositionDefaults = Object.entries(defaults).filter(([name]) => name.startsWith('default'))
    .map(([name, value]) => [`composition${name[0].toUpperCase()}${name.slice(1)}`, value]);
  window.remotion_setBundleMode({
    type: 'composition',
    compositionName: id,
    serializedResolvedPropsWithSchema: props,
    compositionDurationInFrames: durationInFrames,
    compositionFps: config.fps.num / config.fps.den,
    compositionWidth: film.width,
    compositionHeight: film.height,
    ...Object.fromEntries(compositionDefaults),
  });
  remotion.compositions = [{id, ...checkedSettings('', {width, height, fps, frames: durationInFrames})}];
  yield* untilRendered();
  followClock(0);  // animations that run from the start began at 0, whichever frame comes first
  if (film.firstFrame > 0) yield* passFrame();
}

/// Ends a frame of which no picture is taken. Its sounds belong to the chunk before.
function* passFrame() {
  yield nativeFrame();
  window.remotion_collectAssets();
}

const remotionSounds = {
  video: (src) => `the sound of the video ${src}, if it has any and is not muted`,
  audio: (src) => `the sound ${src}`,
  'inline-audio': () => 'sound by @remotion/media',
};

function tellAssets(assets) {
  for (const {type, src} of assets) {
    if (type === 'artifact') {
      warnOnce('the composition emits artifacts (<Artifact>), which are not kept yet');
    } else {
      const what = (remotionSounds[type] ?? (() => type))(shortUrl(String(src)));
      warnOnce(`the composition plays ${what}: sound of the page is not in the film yet; give it as a track of audio`);
    }
  }
}

/// Remotion's frames do not move them. What begins in the middle of the film begins at another time in the chunks after.
function tellAnimations() {
  if (native.getAnimations.call(document).length === 0) return;
  warnOnce('the composition has animations or transitions of the browser (CSS, animate()): in Remotion they do not follow the frame, ' +
           'and where they stand here may depend on the chunk; compute what moves from useCurrentFrame()');
}

function* setRemotionFrame(frame) {
  remotion.frame = frame;
  window.remotion_setFrame(frame, remotion.compositions[0].id, 1);
  yield* untilRendered();
}

/// The frame before is always shown first, because some components (React Three Fiber's) draw from what it has left.
function* showRemotionFrame(frame) {
  if (frame > 0 && remotion.frame !== frame && remotion.frame !== frame - 1) {
    yield* setRemotionFrame(frame - 1);
    yield* passFrame();
  }
  yield* setRemotionFrame(frame);
  document.body.style.background = 'black';  // as Remotion's renderer has it behind pictures without transparency
  tellAssets(window.remotion_collectAssets());
  tellAnimations();
  throwCancelled();
}

const isRemotionBundle = () => remotion !== null && typeof window.remotion_setBundleMode === 'function';

contracts.push({
  name: 'Remotion',
  applies: isRemotionBundle,
  *begin() {
    beginDrawing();
    yield* film.described === '' ? askCompositions() : mountComposition(JSON.parse(film.described));
  },
  seek: (frame) => drawFrame(frame, showRemotionFrame),
  said: () => remotion.compositions,
});
