// Axes whose scale moves: each line fades in or out as the room below it grows or shrinks.

import { append, setAttributes } from './dom.js';
import { clamp01 } from './timing.js';

const LADDER = [1, 2, 4, 6, 8];
const DECADES = [0.1, 1, 10, 100, 1000];
const YEARS_PER_LABEL = 5;

/** Every value that may get a line, with the distance to the next lower one of its kind. */
const RUNGS = DECADES.flatMap((decade) =>
  LADDER.map((step) => ({ value: step * decade, gap: Math.min(step, 2) * decade, digits: decade < 1 ? 1 : 0 })),
);

function drawRungs(group, plot, shown) {
  for (const { value, gap, digits } of RUNGS) {
    const y = plot.y(value);
    const room = (plot.bottom - plot.y(gap)) / plot.em;
    const opacity = shown * clamp01((room - 2.8) / 1.2);
    if (opacity === 0 || y < plot.top) continue;
    const line = append(group, 'line');
    setAttributes(line, { x1: plot.left, x2: plot.right, y1: y, y2: y, opacity });
    const label = append(group, 'text', 'rung', value.toFixed(digits));
    setAttributes(label, { x: plot.left - 0.6 * plot.em, y: y + 0.36 * plot.em, opacity });
  }
}

/** Draws the grid anew: which lines there are depends on the scale of this frame alone. */
export function drawGrid(group, plot, { firstYear, lastYear, shown }) {
  group.replaceChildren();
  drawRungs(group, plot, shown);
  const baseline = append(group, 'line', 'baseline');
  setAttributes(baseline, {
    x1: plot.left, x2: plot.left + (plot.right - plot.left) * shown, y1: plot.bottom, y2: plot.bottom,
  });
  for (let year = 0; year <= lastYear; year += YEARS_PER_LABEL) {
    const label = append(group, 'text', 'tick', String(firstYear + year));
    setAttributes(label, { x: plot.x(year), y: plot.bottom + 1.5 * plot.em, opacity: shown });
  }
}
