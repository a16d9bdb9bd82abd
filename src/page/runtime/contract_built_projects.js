// Contracts of Motion Canvas 3 and Revideo 0.11, whose built projects differ little (scene_player.js): in where their settings are,
// and in what their scenes are made of.

/// Times of a scene's events that the project's author has set in the editor. They lie in its meta file.
class SavedTimeEvents {
  #scene;
  #delays = new Map();
  onChanged = {subscribe: () => () => {}, current: []};
  constructor(scene) {
    this.#scene = scene;
    scene.onReloaded.subscribe(() => this.#delays.clear());
  }
  set() {}
  register(name, initialTime) {
    if (!this.#delays.has(name)) {
      const saved = this.#scene.meta.timeEvents.get().find((event) => event.name === name);
      this.#delays.set(name, saved === undefined ? 0 : saved.targetTime - initialTime);
    }
    return this.#delays.get(name);
  }
}

const projectSystems = [
  {
    name: 'Motion Canvas',
    isIts: (project) => typeof project.meta?.getFullRenderingSettings === 'function',
    settingsOf: (project) => project.meta.getFullRenderingSettings(),
    partsOf: (description) => ({
      config: description.onReplaced?.current.config ?? description.config,
      meta: description.meta.clone(),
      timeEventsClass: SavedTimeEvents,
    }),
    soundsOf: (player) => (player.project.audio ? [player.project.audio] : []),
  },
  {
    name: 'Revideo',
    isIts: (project) => project.settings?.rendering !== undefined && project.settings.shared !== undefined,
    settingsOf: (project) => ({...project.settings.shared, ...project.settings.rendering}),
    partsOf: () => ({}),
    soundsOf: (player) => player.scene.getMediaAssets().map(({src}) => src),
  },
];

function systemOf(project) {
  const hasScenes = Array.isArray(project.scenes) && project.scenes.length > 0 && project.scenes.every(({klass}) => typeof klass === 'function');
  const system = projectSystems.find(({isIts}) => isIts(project));
  if (hasScenes && system !== undefined) return system;
  throw new Error(`${isScriptDocument() ? `the script ${shortUrl(location.href)}` : 'window.orchestratorProject'} is no built project of ` +
                  'Motion Canvas 3 or Revideo 0.11 (what it exports as default has no scenes and settings of theirs): give the script ' +
                  'that vite build writes for the project, or a page');
}

/// The pictures may be larger or smaller than the project, but not of another shape.
function scaleToFilm({size, resolutionScale}) {
  if (!film.isRendered) return resolutionScale;
  const scales = ({x, y}, scale) => Math.trunc(x * scale) === film.width && Math.trunc(y * scale) === film.height;
  if (scales(size, resolutionScale)) return resolutionScale;
  const scale = film.width / size.x;
  if (Math.abs(size.y * scale - film.height) < 1) return scale;
  throw new Error(`the project is ${size.x}x${size.y}, and the film was to be ${film.width}x${film.height}: give a size of its shape, such as ` +
                  `${film.width}x${Math.round(size.y * scale)}`);
}

/// A scene draws at most ten times until all is there, and tells how often, unless it was once.
function tellLogged({level, message}) {
  if (level === 'error') warnOnce(`the project says: ${message}`);
  if (message === 'render iterations: 10') {
    warnOnce(`the scene "${player.scene?.name}" has drawn a frame ten times and may still lack something that it waits for`);
  }
}

function* beginProject() {
  beginDrawing();
  const system = systemOf(builtProject);
  const project = builtProject;
  const props = window.orchestratorProps;
  if (Object.keys(props).length > 0) project.variables = props;
  project.logger?.onLogged?.subscribe(tellLogged);
  const settings = {...system.settingsOf(project)};
  const described = describedComposition();
  player = {system, project, settings, status: playbackStatus(), scenes: [], scene: null, before: null, at: -1, first: 0, from: 0, to: 0,
            isStateful: film.isStateful || described[flag] === true, transitions: new Map(), lookingBack: new Set(), looksBack: 0, faces: loadedFaces()};
  if (Object.keys(described).some((name) => name !== flag)) {
    warnOnce('what window.orchestratorComposition or <meta name="orchestrator"> says of size, rate and length is not looked at: the project says it');
  }
  settings.resolutionScale = scaleToFilm(settings);
  const shaders = sharedShaders();
  player.scenes = project.scenes.map((description) => makeScene(description, shaders));
  yield* measureScenes();
  if (film.isRendered) showScenes();
}

/// As many frames as the systems' own renderers make: the last one of the range is one of them.
function describedProject() {
  const {settings, from, to, status} = player;
  const frames = to - from + 1;
  const length = settings.fps === status.fps ? {frames} : {duration: `${frames * config.fps.den}/${config.fps.num}`};
  const [width, height] = [settings.size.x, settings.size.y].map((pixels) => Math.trunc(pixels * settings.resolutionScale));
  return checkedSettings('the project: ', {width, height, fps: settings.fps, ...length});
}

function tellProjectSounds() {
  for (const source of player.system.soundsOf(player)) {
    warnOnce(`the project plays ${shortUrl(String(source))}: its sound, if it has any, is not in the film yet; give it as a track of audio`);
  }
}

/// Draws the present frame by `draw`, unless it lies before the project's range, which the systems begin by a seek. If it was the
/// first one to use a font or to look at the scene before, the scene begins anew, with that.
function* drawProjectFrame(draw) {
  if (player.at < player.from) return;
  yield* drawFrame(player.at - player.from, draw);
  if (yield* mustBeginAnew()) player.at = -1;
}

function* seekProject(frame) {
  const target = player.from + frame;
  if (target < player.at) {
    throw new Error(`frame ${frame} was asked for after frame ${player.at - player.from}, but scenes only go forward: load it again to go back`);
  }
  do {
    while (player.at < target) {
      yield* moveTowards(target);
      if (player.at < target) yield* drawProjectFrame(passScenes);
    }
    yield* drawProjectFrame(drawScenes);
  } while (player.at < target);
  tellProjectSounds();
}

/// Nothing is left to do where the frame is the first one of a scene.
function* approachProject(frame) {
  const target = player.from + frame;
  const endMs = native.now() + approachMs;
  while (player.at < target - 1 && startFor(target).firstFrame < target) {
    yield* moveTowards(target);
    yield* drawProjectFrame(passScenes);
    if (native.now() > endMs) return Math.max(player.at - player.from, -1);
  }
  return frame - 1;
}

for (const system of projectSystems) {
  contracts.push({
    name: system.name,
    applies: () => builtProject !== null && systemOf(builtProject) === system,
    begin: beginProject,
    seek: seekProject,
    approach: approachProject,
    said: () => onlyComposition(describedProject()),
  });
}
