// A small additive synthesiser: every function adds one sound to a stereo mix of Float64Arrays. Deterministic.

export const RATE = 48000;

export const createMix = (seconds) => {
  const samples = Math.round(seconds * RATE);
  return { left: new Float64Array(samples), right: new Float64Array(samples) };
};

/** Equal temperament; 69 is the A at 440 Hz. */
export const hertz = (note) => 440 * 2 ** ((note - 69) / 12);

/** Uniform numbers in [-1, 1) (mulberry32), the same in every run. */
export function createNoise(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

/** Adds signal(seconds since start) for `length` seconds; `pan` -1 left ... 1 right, at constant power. */
export function add(mix, { start, length, gain, pan = 0 }, signal) {
  const first = Math.round(start * RATE);
  const last = Math.min(mix.left.length, first + Math.round(length * RATE));
  const [left, right] = [Math.cos(((pan + 1) * Math.PI) / 4), Math.sin(((pan + 1) * Math.PI) / 4)];
  for (let i = first; i < last; i += 1) {
    const value = gain * signal((i - first) / RATE);
    mix.left[i] += left * value;
    mix.right[i] += right * value;
  }
}

const wave = (frequency, t) => Math.sin(2 * Math.PI * frequency * t);

/** Soft chord voice: a few harmonics, slightly out of tune on the two sides. */
export function pad(mix, note, start, length, gain) {
  const envelope = (t) => Math.min(1, t / 0.5) * Math.min(1, Math.max(0, (length - t) / 0.9));
  for (const [pan, detune] of [[-0.7, 0.9985], [0.7, 1.0015]]) {
    const f = hertz(note) * detune;
    add(mix, { start, length, gain, pan }, (t) =>
      envelope(t) * (wave(f, t) + 0.4 * wave(2 * f, t) * (0.6 + 0.4 * wave(0.4, t)) + 0.12 * wave(3 * f, t)));
  }
}

/** Plucked bell: frequency modulation that calms down quickly. */
export function pluck(mix, note, start, gain, pan) {
  const f = hertz(note);
  add(mix, { start, length: 1.2, gain, pan }, (t) =>
    Math.min(1, t / 0.003) * Math.exp(-5 * t) * Math.sin(2 * Math.PI * f * t + 1.6 * Math.exp(-14 * t) * wave(2 * f, t)));
}

export function bass(mix, note, { start, length, release, gain }) {
  const f = hertz(note);
  add(mix, { start, length, gain }, (t) =>
    Math.min(1, t / 0.01) * Math.min(1, (length - t) / release) * (wave(f, t) + 0.25 * wave(2 * f, t) + 0.08 * wave(3 * f, t)));
}

/** Drum: a sine that falls from 150 to 48 Hz. The phase is the integral of that frequency. */
export function kick(mix, start, gain) {
  add(mix, { start, length: 0.4, gain }, (t) =>
    Math.min(1, t / 0.002) * Math.exp(-9 * t) * Math.sin(2 * Math.PI * (48 * t + (102 / 30) * (1 - Math.exp(-30 * t)))));
}

/** High noise; the difference of neighbouring samples leaves the treble. */
export function hat(mix, start, gain, pan, noise) {
  let before = 0;
  add(mix, { start, length: 0.09, gain, pan }, (t) => {
    const now = noise();
    const value = (now - before) * Math.exp(-70 * t);
    before = now;
    return value;
  });
}

/** Noise through a one-pole low-pass that opens (`rise` 1) or closes (-1): the sweep into and out of a cut. */
export function sweep(mix, start, length, gain, rise, noise) {
  let low = 0;
  add(mix, { start, length, gain }, (t) => {
    const share = rise > 0 ? t / length : 1 - t / length;
    low += (0.01 + 0.25 * share ** 2) * (noise() - low);
    return low * share ** 2;
  });
}

/** Echo that changes sides, a fraction of itself fed back. Works in place. */
export function pingPong(mix, delay, feedback) {
  const lag = Math.round(delay * RATE);
  for (let i = lag; i < mix.left.length; i += 1) {
    const [left, right] = [mix.left[i - lag], mix.right[i - lag]];
    mix.left[i] += feedback * right;
    mix.right[i] += feedback * left;
  }
}

/** Room after Schroeder: four parallel combs for each side, returned as a mix of its own. */
export function reverb(dry, decay) {
  const wet = { left: new Float64Array(dry.left.length), right: new Float64Array(dry.right.length) };
  const lags = { left: [1687, 1601, 2053, 2251], right: [1733, 1583, 2083, 2269] }; // primes: echoes that never coincide
  for (const side of ['left', 'right']) {
    for (const lag of lags[side]) {
      const comb = new Float64Array(dry[side].length);
      let low = 0;
      for (let i = lag; i < comb.length; i += 1) {
        low += 0.45 * (comb[i - lag] - low);
        comb[i] = dry[side][i - lag] + decay * low;
        wet[side][i] += comb[i] / lags[side].length;
      }
    }
  }
  return wet;
}
