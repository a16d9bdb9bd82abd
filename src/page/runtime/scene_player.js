// Plays the scenes of a built project of Motion Canvas 3 or Revideo 0.11 (built_projects.js). A scene is a generator that goes from
// frame to frame, so a frame is reached from the first one of its scene. Frames are counted as the project counts them: from the
// beginning of its first scene, also where its range begins later.
// {system, project, settings, isStateful, scenes, transitions, status, scene, before, at, first, from, to, faces}; the frame `at` is
// the present one, -1 if none is
let player = null;

/// What scenes read of the film's time. They find it through this object at every step.
function playbackStatus() {
  const fps = config.fps.num / config.fps.den;
  return {
    frame: 0,
    speed: 1,
    fps,
    state: 1,  // "rendering"; others wait for slides, and show videos that play in real time
    get time() { return this.frame / fps; },
    get deltaTime() { return 1 / fps; },
    framesToSeconds: (frames) => frames / fps,
    secondsToFrames: (seconds) => Math.ceil(seconds * fps),
  };
}

/// One WebGL context for the shaders of all nodes. Who borrows it gets it set up, and whoever had it takes down what is his.
function sharedShaders() {
  let gl = null;
  let owner = null;
  const programs = new Map();
  const context = () => {
    gl ??= document.createElement('canvas').getContext('webgl2', {depth: false, premultipliedAlpha: false, stencil: false});
    if (gl === null) throw new Error('the project uses shaders, but the browser has no WebGL 2');
    return gl;
  };
  const compiled = (type, source) => {
    const shader = context().createShader(type);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (gl.getShaderParameter(shader, gl.COMPILE_STATUS)) return shader;
    throw new Error(`a shader of the project does not compile: ${gl.getShaderInfoLog(shader)}`);
  };
  const linked = (fragment, vertex) => {
    const program = context().createProgram();
    gl.attachShader(program, compiled(gl.FRAGMENT_SHADER, fragment));
    gl.attachShader(program, compiled(gl.VERTEX_SHADER, vertex));
    gl.linkProgram(program);
    if (gl.getProgramParameter(program, gl.LINK_STATUS)) return program;
    throw new Error(`a shader of the project cannot be linked: ${gl.getProgramInfoLog(program)}`);
  };
  return {
    borrow(borrower) {
      if (owner === borrower) return gl;
      owner?.teardown(gl);
      owner = borrower;
      owner.setup(context());
      return gl;
    },
    getProgram(fragment, vertex) {
      const key = `${fragment}#${vertex}`;
      if (!programs.has(key)) programs.set(key, linked(fragment, vertex));
      return programs.get(key);
    },
  };
}

function makeScene(description, shaders) {
  const {project, system, settings, status} = player;
  const scene = new description.klass({
    ...description,
    ...system.partsOf(description),
    playback: status,
    logger: project.logger,
    size: settings.size,
    resolutionScale: settings.resolutionScale,
    sharedWebGLContext: shaders,
    experimentalFeatures: project.experimentalFeatures,
  });
  scene.variables.updateSignals(project.variables ?? {});
  watchPrevious(scene);
  return scene;
}

const loadedFaces = () => [...document.fonts].filter(({status}) => status === 'loaded').length;

/// What has been measured with another font, which stood in for one that is there now, is wrong and is kept (computed signals).
function* haveFontsCome() {
  yield* waitForFonts();
  const came = loadedFaces() > player.faces;
  player.faces = loadedFaces();
  return came;
}

/// Goes through a scene without drawing it, and notes for how many frames the one before it is still seen: all of them, if it never
/// says that its transition has ended.
function* measureScene(scene) {
  const {status, settings} = player;
  let inTransition = null;
  scene.reload({size: settings.size, resolutionScale: settings.resolutionScale});
  yield waitFor(`the scene "${scene.name}"`, scene.recalculate((frame) => {
    if (inTransition === null && scene.isAfterTransitionIn()) inTransition = status.frame - scene.firstFrame;
    status.frame = frame;
  }));
  player.transitions.set(scene, inTransition ?? scene.lastFrame - scene.firstFrame);
}

/// Each scene begins where the one before it ends.
function* measureScenes() {
  const {status, scenes, settings} = player;
  do {
    status.frame = 0;
    for (const scene of scenes) yield* measureScene(scene);
  } while (yield* haveFontsCome());
  const empty = scenes.slice(0, -1).find((scene) => scene.lastFrame === scene.firstFrame);
  if (empty !== undefined) throw new Error(`the scene "${empty.name}" has no frame, and the film would end with it: leave it out`);
  const [first, last] = settings.range;
  player.to = Math.min(status.frame, status.secondsToFrames(last ?? Infinity));
  player.from = Math.min(status.secondsToFrames(first ?? 0), player.to);
  // The systems begin a later scene by a seek, without the one before.
  player.first = player.from > scenes[0].lastFrame ? indexOfScene(player.from) : 0;
}

function indexOfScene(frame) {
  const found = player.scenes.findIndex((scene) => scene.lastFrame > frame);
  return found < 0 ? player.scenes.length - 1 : found;
}

/// The scene from whose first frame `frame` is reached: the one before, where the two are still seen together, or where the later
/// one looks at it. Of a stateful project it is the first.
function startFor(frame) {
  const {scenes, transitions, first, isStateful, lookingBack} = player;
  if (isStateful) return scenes[first];
  let index = indexOfScene(frame);
  const isInTransition = frame < scenes[index].firstFrame + transitions.get(scenes[index]);
  if (isInTransition && index > first) index -= 1;
  while (index > first && lookingBack.has(scenes[index])) index -= 1;
  return scenes[index];
}

/// Counts how often a scene looks at the one before it (useScene().previous) although it was entered without it. Each transition
/// does so once before it begins (enterInitial), and for that, the scene before is there where it is seen.
function watchPrevious(scene) {
  let previous = scene.previousScene ?? null;
  const isMissing = () => previous === null && scene === player.scene && player.scenes.indexOf(scene) > player.first;
  const {enterInitial} = scene;
  scene.enterInitial = () => {
    if (isMissing()) player.looksBack -= 1;
    enterInitial.call(scene);
  };
  Object.defineProperty(scene, 'previousScene', {
    configurable: true,
    get() {
      if (isMissing()) player.looksBack += 1;
      return previous;
    },
    set(value) { previous = value; },
  });
}

/// Whether the present scene has to begin anew: it has looked at the scene before, or used a font for the first time.
function* mustBeginAnew() {
  const looksBack = player.looksBack > 0;
  if (looksBack) player.lookingBack.add(player.scene);
  return (yield* haveFontsCome()) || looksBack;
}

/// Random numbers begin anew with each scene, as a chunk does.
function* enterScene(scene, before = null) {
  player.scene = scene;
  player.looksBack = 0;
  reseedRandom(player.scenes.indexOf(scene));
  yield waitFor(`the scene "${scene.name}"`, scene.reset(before));
}

/// One frame further. While a scene moves in, the one before it is still there and goes on, too.
function* stepScenes() {
  const {status, scenes} = player;
  if (player.before !== null) {
    yield waitFor(`the scene "${player.before.name}"`, player.before.next());
    if (player.scene.isFinished()) player.before = null;
  }
  player.at += 1;
  status.frame = player.at;
  if (player.scene.isFinished()) return;
  yield waitFor(`the scene "${player.scene.name}"`, player.scene.next());
  if (player.scene.isAfterTransitionIn()) player.before = null;
  const next = scenes[scenes.indexOf(player.scene) + 1];
  if (!player.scene.canTransitionOut() || next === undefined) return;
  player.before = player.scene;
  player.before.stopAllMedia?.();
  yield* enterScene(next, player.before);
  if (next.isAfterTransitionIn()) player.before = null;
}

/// Goes on towards `frame` by one frame, or to the first frame of the scene from which it is reached.
function* moveTowards(frame) {
  const start = startFor(frame);
  if (player.at >= 0 && start.firstFrame <= player.at + 1) return yield* stepScenes();
  player.at = player.status.frame = start.firstFrame;
  player.before = null;
  yield* enterScene(start);
}

const sceneBuffers = {};  // name -> 2D context

function sceneBuffer(name, width = film.width, height = film.height) {
  if (sceneBuffers[name] === undefined) {
    const canvas = document.createElement('canvas');
    Object.assign(canvas, {width, height});
    sceneBuffers[name] = canvas.getContext('2d');  // always sRGB, as the systems' own, whatever the settings say
  }
  return sceneBuffers[name];
}

/// A scene draws again until nothing that it shows is missing, such as a video's frame.
function* drawScene(scene, context) {
  try {
    yield waitFor(`the scene "${scene.name}"`, scene.render(context));
  } catch (error) {
    if (!/ServerSeekedVideo/.test(error?.message)) throw error;
    throw new Error(`a <Video> of the scene "${scene.name}" is no MP4 file: only a server of Revideo's could decode it; convert it`);
  }
  return context.canvas;
}

/// A frame of which no picture is taken is drawn, too, since signals are computed when they are first drawn, and Revideo's videos
/// count the frames that they have drawn. On one pixel, hardly more is done than that. A stateful project may keep the picture.
function* passScenes() {
  const {before, scene, isStateful} = player;
  for (const [name, passed] of [['before', before], ['scene', scene]]) {
    if (passed !== null) yield* drawScene(passed, isStateful ? sceneBuffer(name) : sceneBuffer('passed', 1, 1));
  }
}

function valueOf(signal) {
  return typeof signal === 'function' ? signal() : signal;
}

function* drawScenes() {
  const {before, scene, settings} = player;
  const isBeforeOnTop = before !== null && valueOf(scene.previousOnTop);
  const pictures = before === null ? [] : [yield* drawScene(before, sceneBuffer('before'))];
  pictures.push(yield* drawScene(scene, sceneBuffer('scene')));
  if (isBeforeOnTop) pictures.reverse();
  const shown = sceneBuffer('shown');
  shown.clearRect(0, 0, film.width, film.height);
  const background = typeof settings.background === 'string' ? settings.background : settings.background?.serialize();
  if (background) {
    shown.fillStyle = background;
    shown.fillRect(0, 0, film.width, film.height);
  }
  for (const picture of pictures) shown.drawImage(picture, 0, 0);
}

/// Important declarations of an element come before those of the page's sheets (CSS Cascade, "style attribute").
function setImportant(element, declarations) {
  for (const [name, value] of Object.entries(declarations)) element.style.setProperty(name, value, 'important');
}

/// The page: the film's canvas before black, as behind the transparent parts of the systems' own films. These are taken from
/// canvases, so no style sheet changes them, and nothing lies on them.
function showScenes() {
  const host = document.createElement('div');
  setImportant(host, {all: 'initial', display: 'block', position: 'fixed', inset: '0', 'z-index': '2147483647', background: 'black'});
  const {canvas} = sceneBuffer('shown');
  setImportant(canvas, {all: 'initial', display: 'block', width: '100vw', height: '100vh'});
  host.attachShadow({mode: 'closed'}).append(canvas);
  const root = document.documentElement;
  setImportant(root, {display: 'block', visibility: 'visible', background: 'black', opacity: '1', zoom: '1'});
  const offs = ['filter', 'transform', 'translate', 'rotate', 'scale', 'perspective', 'clip-path', 'mask', 'contain'];
  setImportant(root, Object.fromEntries(offs.map((name) => [name, 'none'])));
  root.append(host);
}
