// Time and motion, as pure functions of seconds.

export const DURATION_S = 15;
export const FPS = 30;
export const FRAMES = DURATION_S * FPS;

// One bar of the music (96 beats a minute, four beats): every scene starts on one, see make_music.mjs.
export const BAR_S = 2.5;
export const BARS = DURATION_S / BAR_S;

export const outCubic = (x) => 1 - (1 - x) ** 3;
export const outQuint = (x) => 1 - (1 - x) ** 5;
export const inOutSine = (x) => 0.5 - Math.cos(Math.PI * x) / 2;
export const inOutCubic = (x) => (x < 0.5 ? 4 * x ** 3 : 1 - (2 - 2 * x) ** 3 / 2);

export const clamp01 = (x) => Math.min(1, Math.max(0, x));
export const mix = (from, to, share) => from + (to - from) * share;

/** How far `time` is through [start, start + length], eased: 0 before, 1 after. */
export const span = (time, start, length, ease = outQuint) => ease(clamp01((time - start) / length));
