// The whole film: which scene shows when, and the state of everything at one moment.

import { createClosing } from './closing.js';
import { createPicture } from './picture.js';
import { createRuler } from './ruler.js';
import { BAR_S, DURATION_S } from './timing.js';
import { createTitle } from './title.js';
import { createWatching } from './watching.js';
import { createWipe } from './wipe.js';

const SCENES = [
  { id: 'title', start: 0, create: createTitle },
  { id: 'watching', start: BAR_S, create: createWatching, wipe: 'accent' },
  { id: 'picture', start: 3 * BAR_S, create: createPicture, wipe: 'accent' },
  { id: 'closing', start: 5 * BAR_S, create: createClosing, wipe: 'ink' },
];
const HALF_A_MILLISECOND = 0.0005; // times are quotients such as 75 / 30; a scene must start exactly on its frame

/** Builds the page for `data` and returns draw(time), which depends on nothing but `time` and the window's size. */
export function createFilm(data) {
  const scenes = SCENES.map((scene) => {
    const section = document.getElementById(scene.id);
    return { ...scene, section, draw: scene.create(section, data) };
  });
  const cuts = scenes.filter((s) => s.wipe).map((s) => ({ time: s.start, colour: s.wipe, uncovers: s.wipe !== 'ink' }));
  const drawWipe = createWipe(document.getElementById('wipe'), cuts);
  const drawRuler = createRuler(document.getElementById('ruler'));

  return (time) => {
    const now = Math.min(Math.max(time, 0), DURATION_S);
    const current = scenes.findLast((scene) => now >= scene.start - HALF_A_MILLISECOND);
    for (const scene of scenes) scene.section.hidden = scene !== current;
    current.draw(Math.max(0, now - current.start));
    drawWipe(now);
    drawRuler(now, current.section.classList.contains('dark'));
  };
}
