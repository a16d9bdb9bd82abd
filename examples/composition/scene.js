// The contract with a renderer (README.md): orchestratorComposition, orchestratorReady and renderFrame.

import { createFilm } from './film/film.js';
import { FPS, FRAMES } from './film/timing.js';

const COLOURS = ['accent', 'ink', 'paper'];
let draw = null;

async function loadData(props) {
  const response = await fetch('data.json');
  if (!response.ok) throw new Error(`data.json: HTTP ${response.status}`);
  const sample = await response.json();
  const { title = sample.title, subtitle = sample.subtitle } = props;
  return { ...sample, ...props.data, title, subtitle };
}

async function loadFont() {
  const faces = await document.fonts.load('700 1em "Inter Display"');
  if (faces.length === 0) throw new Error('fonts/inter-display.woff2 is not declared in style.css');
}

async function prepare() {
  const props = window.orchestratorProps ?? {};
  for (const name of COLOURS) {
    if (props[name]) document.documentElement.style.setProperty(`--${name}`, props[name]);
  }
  const [data] = await Promise.all([loadData(props), loadFont()]);
  draw = createFilm(data);
  draw(0);
}

/** Preview in an ordinary browser: real time, from the start again after the end. */
function play() {
  const start = performance.now();
  const step = (now) => {
    const frame = Math.floor((Math.max(0, now - start) / 1000) * FPS) % FRAMES;
    window.renderFrame(frame, { fps: FPS, time: frame / FPS });
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

window.orchestratorComposition = { frames: FRAMES, fps: FPS, width: 1920, height: 1080 };
window.renderFrame = (frame, { time = frame / FPS } = {}) => {
  if (!draw) throw new Error(`frame ${frame} was asked for before orchestratorReady`);
  draw(time);
};
window.orchestratorReady = prepare();
if (window.__orchestrator === undefined) window.orchestratorReady.then(play);
