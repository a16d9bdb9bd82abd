// 12.5 s to 15 s: the name, and what it does: chunks that grow side by side and join into one film.

import { append, appendRising, setEntrance, setRise, setTone } from './dom.js';
import { FRAMES, inOutCubic, inOutSine, outCubic, span } from './timing.js';

const NAME = 'RenderOrchestrator';
const CHUNKS_START_S = 0.5;
// Chunks of one film take different times; the slowest is done when they join.
const CHUNK_S = [0.62, 0.8, 0.55, 0.85, 0.7, 0.6];
const JOIN_S = 1.35;

export function createClosing(section) {
  const letters = appendRising(section.querySelector('h1'), [...NAME], '');
  const subtitle = section.querySelector('.subtitle');
  const tally = section.querySelector('.tally');
  const holder = section.querySelector('.chunks');
  const chunks = CHUNK_S.map((length, i) => {
    const fill = append(append(holder, 'span'), 'i');
    setTone(fill, i + 1, CHUNK_S.length + 1);
    return { fill, length };
  });

  return (time) => {
    letters.forEach((letter, i) => setRise(letter, span(time, 0.12 + 0.02 * i, 0.7)));
    setEntrance(subtitle, span(time, 0.45, 0.6));
    setEntrance(holder, span(time, 0.3, 0.4, outCubic), 0);
    const joined = span(time, JOIN_S, 0.35, inOutCubic);
    holder.style.setProperty('--gap', 1 - joined);
    holder.style.setProperty('--joined', `${Math.round(100 * joined)}%`);
    let done = 0;
    for (const { fill, length } of chunks) {
      const share = span(time, CHUNKS_START_S, length, inOutSine);
      fill.style.width = `${100 * share}%`;
      done += (share * FRAMES) / chunks.length;
    }
    tally.textContent =
      joined < 1 ? `${Math.floor(done)} of ${FRAMES} frames, ${chunks.length} chunks` : `${FRAMES} frames, one film`;
    setEntrance(tally, span(time, 0.6, 0.5));
  };
}
