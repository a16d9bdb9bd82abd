// The cut between two scenes: columns, one for each bar of music, that rise over the old scene and uncover the new one.

import { append } from './dom.js';
import { BARS, inOutSine, outCubic, span } from './timing.js';

const COVER_S = 0.32;
const UNCOVER_S = 0.45;
const STAGGER_S = 0.035;
const LEAD_S = COVER_S + STAGGER_S * (BARS - 1);
const TAIL_S = UNCOVER_S + STAGGER_S * (BARS - 1);

/** `cuts`: [{time, colour, uncovers}], each covered completely at its time; without `uncovers` the columns are the new ground. */
export function createWipe(holder, cuts) {
  const columns = Array.from({ length: BARS }, (_, i) => {
    const column = append(holder, 'div');
    column.style.left = `${(100 * i) / BARS}%`;
    return column;
  });

  return (time) => {
    const cut = cuts.find((c) => time >= c.time - LEAD_S && time < c.time + (c.uncovers ? TAIL_S : 0));
    holder.hidden = !cut;
    if (!cut) return;
    holder.style.setProperty('--colour', `var(--${cut.colour})`);
    columns.forEach((column, i) => {
      const cover = span(time, cut.time - LEAD_S + STAGGER_S * i, COVER_S, outCubic);
      const uncover = span(time, cut.time + STAGGER_S * i, UNCOVER_S, inOutSine);
      column.style.top = `${100 * (1 - cover)}%`;
      column.style.bottom = `${100 * uncover}%`;
    });
  };
}
