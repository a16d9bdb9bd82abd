// Plays the project with the system's own playback, from its first frame on, one frame after the other.
import {Renderer} from 'own-core';

async function start() {
  const url = window.orchestratorProps.script;
  const {default: project} = await import(/* @vite-ignore */ url);
  for (const name of window.orchestratorProps.styleSheets) {
    const link = document.createElement('link');
    const loaded = new Promise((resolve) => { link.onload = resolve; });
    Object.assign(link, {rel: 'stylesheet', href: name});
    document.head.append(link);
    await loaded;
  }
  await document.fonts.load('20px Proof');
  const settings = project.meta ? project.meta.getFullRenderingSettings() : {...project.settings.shared, ...project.settings.rendering};
  const renderer = new Renderer(project);
  const {playback, stage} = renderer;
  stage.configure(settings);
  Object.assign(playback, {fps: settings.fps, state: 1});
  await renderer.reloadScenes(settings);
  await playback.recalculate();
  await playback.reset();
  await playback.seek(renderer.status.secondsToFrames(settings.range[0]));
  document.body.append(stage.finalBuffer);
  let last = -1;
  window.renderFrame = async (frame) => {
    if (frame !== last && last >= 0) await playback.progress();
    await stage.render(playback.currentScene, playback.previousScene);
    last = frame;
  };
}

window.orchestratorReady = start();
