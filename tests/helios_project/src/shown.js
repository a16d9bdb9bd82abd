import {Helios} from '@helios-project/core';

const {mode = 'plays', num = 30, den = 1, tracks = []} = window.__HELIOS_PROPS__ ?? {};
const audioTracks = {quiet: {volume: 1, muted: true}};
const helios = new Helios({duration: (24 * den) / num, fps: num / den, availableAudioTracks: tracks, audioTracks});
if (mode !== 'late') window.helios = helios;

const setLength = (id, frames) => { document.querySelector(id).style.width = `${10 * frames}px`; };
helios.subscribe(({currentFrame}) => setLength('#subscriber', Math.floor(currentFrame)));

let passes = -1;
const loop = () => {
  setLength('#loop', (passes += 1));
  requestAnimationFrame(loop);
};
requestAnimationFrame(loop);

const nextFrame = () => new Promise(requestAnimationFrame);
const modes = {
  plays: () => helios.play(),
  rests() {},
  async late() {
    await new Promise((resolve) => setTimeout(resolve, 100));  // after three frames
    helios.bindToDocumentTimeline();
  },
  checks: () => helios.registerStabilityCheck(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await nextFrame();
    await nextFrame();
    setLength('#check', helios.currentFrame.value);
  }),
  hangs: () => helios.registerStabilityCheck(() => new Promise(() => {})),
  fails: () => helios.registerStabilityCheck(async () => { throw new Error('a tile is missing'); }),
};
modes[mode]();
