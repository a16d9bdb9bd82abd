// 0 s to 2.5 s: the title, over the sizes of picture to come, drawn to scale.

import { append, appendRising, setEntrance, setRise, setTone } from './dom.js';
import { outCubic, span } from './timing.js';

const SCREEN_STEP_S = 0.15625; // a sixteenth note at 96 beats a minute
const LONG_TITLE = 28; // characters that fit at full size

export function createTitle(section, data) {
  const heading = section.querySelector('h1');
  const words = appendRising(heading, data.title.split(/\s+/), ' ');
  heading.style.setProperty('--fit', Math.min(1, Math.sqrt(LONG_TITLE / data.title.length)));
  const subtitle = section.querySelector('.subtitle');
  subtitle.textContent = data.subtitle;
  const note = section.querySelector('.note');
  note.textContent = data.note;

  const series = data.picture.series;
  const most = Math.max(...series.map((s) => s.lines));
  const holder = section.querySelector('.screens');
  // Largest first, so that the smaller ones lie on top.
  const screens = series.toReversed().map((s, i) => {
    const screen = append(holder, 'div', 'screen');
    append(screen, 'span', '', s.name);
    setTone(screen, i, series.length);
    return { screen, share: s.lines / most, start: SCREEN_STEP_S * (series.length - 1 - i) };
  });

  return (time) => {
    for (const { screen, share, start } of screens) {
      const size = 100 * share * span(time, start, 0.9) * (0.97 + 0.012 * time);
      screen.style.width = `${size}%`;
      screen.style.height = `${size}%`;
      screen.firstChild.style.opacity = span(time, start + 0.2, 0.3, outCubic);
    }
    words.forEach((word, i) => setRise(word, span(time, 0.1 + 0.07 * i, 0.8)));
    setEntrance(subtitle, span(time, 0.65, 0.6));
    setEntrance(note, span(time, 0.9, 0.6));
  };
}
