// Yearly figures read at any moment in between.

import { clamp01 } from './timing.js';

/** Slope at a year: harmonic mean of the steps beside it, 0 at a peak, so that the curve never overshoots the data. */
function slope(values, i) {
  const step = (k) => values[k + 1] - values[k];
  const before = step(Math.max(0, i - 1));
  const after = step(Math.min(i, values.length - 2));
  return before * after > 0 ? (2 * before * after) / (before + after) : 0;
}

/** Value at a fractional index: monotone cubic Hermite interpolation (Fritsch and Carlson). */
export function valueAt(values, position) {
  const at = Math.min(Math.max(position, 0), values.length - 1);
  const i = Math.min(Math.floor(at), values.length - 2);
  const x = at - i;
  const [a, b, da, db] = [values[i], values[i + 1], slope(values, i), slope(values, i + 1)];
  return a + x * (da + x * (3 * (b - a) - 2 * da - db + x * (2 * (a - b) + da + db)));
}

const SCANS_PER_YEAR = 64;

/** +1 where `b` leads `a`, for equal values the later series trails. */
const leads = (b, a, position, bIsFirst) => {
  const difference = valueAt(b, position) - valueAt(a, position);
  return difference > 0 || (difference === 0 && bIsFirst);
};

/** Positions where the lead between two series changes hands. */
function crossings(a, b, bIsFirst) {
  const found = [];
  const scans = (a.length - 1) * SCANS_PER_YEAR;
  for (let i = 1; i <= scans; i += 1) {
    const leadsNow = leads(b, a, i / SCANS_PER_YEAR, bIsFirst);
    if (leadsNow !== leads(b, a, (i - 1) / SCANS_PER_YEAR, bIsFirst)) {
      found.push({ position: i / SCANS_PER_YEAR, step: leadsNow ? 1 : -1 });
    }
  }
  return found;
}

/**
 * Ranks that glide: a function (series, position) -> rank, 0 on top. Each overtaking takes `width` years around the moment
 * it happens, so a rank depends on the position alone and not on the frame before.
 */
export function glidingRanks(all, width, ease) {
  const moves = all.map((a, i) => all.flatMap((b, j) => (i === j ? [] : crossings(a, b, j < i))));
  const firstRanks = all.map((a, i) => all.filter((b, j) => j !== i && leads(b, a, 0, j < i)).length);
  return (i, position) =>
    moves[i].reduce(
      (rank, move) => rank + move.step * ease(clamp01((position - move.position) / width + 0.5)),
      firstRanks[i],
    );
}
