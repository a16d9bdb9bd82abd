// Contract of a Remotion bundle, the folder that `remotion bundle` writes. Its script offers functions to whoever renders it:
// remotion_setBundleMode() mounts either all compositions without a picture, to ask for their sizes and lengths, or one of them;
// remotion_setFrame() shows a frame; remotion_renderReady is true while no delayRender() is open (docs/page-contracts.md).
const remotionFormat = '11';  // window.siteVersion of Remotion 4; it is counted up when these functions change
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
/// rendered. By itself it shows the Studio. No other page gets them: one with Remotion's <Player> has to stay a player.
function tellBundleThatItIsRendered() {
  if (window.siteVersion !== remotionFormat) return;
  remotion = {wait: null, compositions: [], frame: Math.max(film.firstFrame - 1, 0)};
  const shortestLimitMs = 3000;  // delayRender() gives up 2 s earlier
  Object.assign(window, {
    remotion_puppeteerTimeout: Math.max(film.frameLimitMs, shortestLimitMs),
    remotion_isMainTab: true,
    remotion_mediaCacheSizeInBytes: null,
    remotion_initialMemoryAvailable: 4 * 2 ** 30,  // bytes, the same on every machine
    remotion_broadcastChannel: new BroadcastChannel('remotion-video-frame-extraction'),
    remotion_inputProps: film.props,
    remotion_initialFrame: remotion.frame,
    remotion_attempt: 1,
    remotion_proxyPort: film.mediaPort,
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
  const {remotion_renderReady: isReady, remotion_cancelledError: cancelled} = window;
  if (remotion.wait === null || (isReady !== true && cancelled === undefined)) return;
  const {resolve, reject} = remotion.wait;
  remotion.wait = null;
  if (cancelled === undefined) return resolve();
  const [message] = String(cancelled).split('\n');
  reject(failure('the composition cannot be rendered', {message: message.replace(/^Error: /, ''), stack: String(cancelled)}));
}

function openHandles() {
  const labels = Object.values(window.remotion_delayRenderTimeouts ?? {}).map(({label}) => `"${label ?? 'without a label'}"`);
  return labels.length > 0 ? `delayRender() ${labels.join(', ')}` : 'Remotion';
}

/// Waits until no delayRender() is open, and until what the page has made ready to run, such as an effect, opens no other.
function* untilRendered() {
  do {
    yield waitFor(openHandles, new native.Promise((resolve, reject) => {
      remotion.wait = {resolve, reject};
      endRemotionWait();
    }));
    yield settleMicrotasks();
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
const describedRemotion = ({serializedResolvedPropsWithCustomSchema, serializedDefaultPropsWithCustomSchema, ...rest}) =>
  JSON.stringify({...rest, props: serializedResolvedPropsWithCustomSchema});

function* askComposition(id) {
  try {
    const found = yield waitFor(`calculateMetadata() of '${id}'`, window.remotion_calculateComposition(id));
    const size = {width: found.width, height: found.height, fps: found.fps, frames: found.durationInFrames};
    return {id, ...checkedSettings('', size), described: describedRemotion({id, ...found})};
  } catch (error) {
    return {id, error: messageOf(error)};
  }
}

function* askCompositions() {
  window.remotion_setBundleMode({type: 'evaluation'});
  yield* untilRendered();
  for (const id of chosenNames()) remotion.compositions.push(yield* askComposition(id));
}

function* mountComposition({id, width, height, fps, durationInFrames, props, ...defaults}) {
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
  if (film.firstFrame > 0) yield* passFrame();
}

/// Ends a frame of which no picture is taken. Its sounds belong to the chunk before.
function* passFrame() {
  yield nativeFrame();
  window.remotion_collectAssets();
}

function tellAssets(assets) {
  for (const {type, src, filename} of assets) {
    if (type === 'artifact') {
      warnOnce(`the composition emits the artifact '${filename}', which is not kept yet`);
    } else {
      const what = src === undefined ? 'by @remotion/media' : shortUrl(String(src));
      warnOnce(`the composition plays sound (${what}): sound of the page is not in the film yet; give it as a track of audio`);
    }
  }
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
