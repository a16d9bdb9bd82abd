// Writes music.ogg: 15 s at 96 beats a minute, six bars of 2.5 s; the film's scenes start on bars 1, 2, 4 and 6.
//   node make_music.mjs [music.ogg]        needs ffmpeg with libvorbis

import { spawnSync } from 'node:child_process';
import { argv, exit, stderr } from 'node:process';
import { add, bass, createMix, createNoise, hat, hertz, kick, pad, pingPong, pluck, RATE, reverb, sweep } from './synth.mjs';

const BAR = 2.5;
const BEAT = BAR / 4;
const SIXTEENTH = BEAT / 4;
const LENGTH = 6 * BAR;
const CUTS = [BAR, 3 * BAR, 5 * BAR];

// Chords in D major: Dmaj7, Bm7, Gmaj9, A6, Gadd9, D. MIDI note numbers.
const BARS = [
  { root: 38, chord: [62, 66, 69, 73], melody: [74, 78, 81, 76] },
  { root: 35, chord: [59, 62, 66, 69], melody: [74, 78, 73, 81] },
  { root: 31, chord: [59, 62, 66, 69], melody: [74, 79, 78, 83] },
  { root: 33, chord: [57, 61, 64, 66], melody: [73, 76, 78, 81] },
  { root: 31, chord: [59, 62, 67, 69], melody: [74, 79, 81, 83] },
  { root: 38, chord: [57, 62, 66, 69], melody: [74, 78, 81, 86] },
];
const ARPEGGIO = [0, 1, 2, 3, 1, 2, 3, 2, 0, 1, 2, 3, 2, 3, 1, 2];

/** Loudness of the arpeggio by bar: it builds up, and rings out in the last one. */
const ARPEGGIO_GAIN = [0.1, 0.13, 0.14, 0.16, 0.17, 0.12];

function addHarmony(mix) {
  BARS.forEach(({ root, chord }, bar) => {
    const isLast = bar === BARS.length - 1;
    for (const note of chord) pad(mix, note - 12, bar * BAR, isLast ? BAR : BAR + 0.4, 0.035);
    if (bar > 0) bass(mix, root, { start: bar * BAR, length: 0.96 * BAR, release: isLast ? 2 : 0.06, gain: 0.2 });
  });
}

function addArpeggio(mix) {
  BARS.forEach(({ melody }, bar) => {
    const isLast = bar === BARS.length - 1;
    ARPEGGIO.slice(0, isLast ? 8 : 16).forEach((step, i) => {
      const accent = i % 4 === 0 ? 1.25 : 0.85 + 0.15 * ((i + 1) % 2);
      const fade = isLast ? 1 - i / 10 : 1;
      const gain = ARPEGGIO_GAIN[bar] * accent * fade;
      pluck(mix, melody[step], bar * BAR + i * SIXTEENTH, gain, i % 2 ? 0.45 : -0.45);
    });
  });
}

function addDrums(mix, noise) {
  for (let beat = 4; beat < 20; beat += 1) {
    kick(mix, beat * BEAT, 0.42);
    hat(mix, (beat + 0.5) * BEAT, 0.05, 0.25, noise);
    if (beat >= 12) {
      hat(mix, (beat + 0.25) * BEAT, 0.022, -0.3, noise);
      hat(mix, (beat + 0.75) * BEAT, 0.028, 0.4, noise);
    }
  }
}

/** What one hears at a change of scene: a rising sweep, a low hit exactly on the cut, a falling sweep. */
function addCuts(mix, noise) {
  for (const cut of CUTS) {
    sweep(mix, cut - BEAT, BEAT, 0.3, 1, noise);
    sweep(mix, cut, 1.1, 0.3, -1, noise);
    kick(mix, cut, 0.4);
    add(mix, { start: cut, length: 1.6, gain: 0.3 }, (t) =>
      Math.min(1, t / 0.004) * Math.exp(-3 * t) * Math.sin(2 * Math.PI * hertz(26) * t));
  }
}

/** Sums the parts, fades the last second out and rounds off the peaks. Interleaved 32-bit float. */
function finish(parts) {
  const samples = Math.round(LENGTH * RATE);
  const out = new Float32Array(2 * samples);
  for (let i = 0; i < samples; i += 1) {
    const fade = Math.min(1, i / (0.01 * RATE), (samples - i) / RATE);
    const sum = (side) => parts.reduce((total, { mix, gain }) => total + gain * mix[side][i], 0);
    out[2 * i] = 0.9 * Math.tanh(1.1 * fade * sum('left'));
    out[2 * i + 1] = 0.9 * Math.tanh(1.1 * fade * sum('right'));
  }
  return out;
}

const noise = createNoise(2005);
const [tones, drums] = [createMix(LENGTH), createMix(LENGTH)];
addArpeggio(tones);
pingPong(tones, 3 * SIXTEENTH, 0.3);
addHarmony(tones);
addDrums(drums, noise);
addCuts(drums, noise);
const music = finish([{ mix: tones, gain: 1 }, { mix: reverb(tones, 0.8), gain: 0.35 }, { mix: drums, gain: 0.9 }]);

const output = argv[2] ?? 'music.ogg';
const format = ['-f', 'f32le', '-ar', String(RATE), '-ac', '2', '-i', 'pipe:0'];
const encoder = ['-c:a', 'libvorbis', '-q:a', '6', '-fflags', '+bitexact', '-flags:a', '+bitexact'];
const run = spawnSync('ffmpeg', ['-v', 'error', '-y', ...format, ...encoder, output], { input: Buffer.from(music.buffer) });
if (run.status !== 0) {
  stderr.write(`ffmpeg could not write ${output}: ${run.error?.message ?? run.stderr}\n`);
  exit(1);
}
