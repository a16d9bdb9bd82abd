// The line at the foot of every scene: the film's own timeline, one segment for each bar of music, and the frame number.

import { append } from './dom.js';
import { BARS, BAR_S, FPS, FRAMES, clamp01 } from './timing.js';

export function createRuler(footer) {
  const track = footer.querySelector('.track');
  const fills = Array.from({ length: BARS }, () => append(append(track, 'span'), 'i'));
  const counter = footer.querySelector('.counter');
  const digits = String(FRAMES).length;

  return (time, isDark) => {
    footer.classList.toggle('dark', isDark);
    fills.forEach((fill, i) => (fill.style.width = `${100 * clamp01(time / BAR_S - i)}%`));
    // The small term keeps n / 30 * 30 from falling just below n.
    counter.textContent = String(Math.floor(time * FPS + 1e-6)).padStart(digits, '0');
  };
}
