import {Helios} from '@helios-project/core';

const {num = 30, den = 1} = window.__HELIOS_PROPS__ ?? {};
const helios = new Helios({duration: 4, fps: num / den});
const canvas = document.querySelector('canvas');
const context = canvas.getContext('2d');
helios.subscribe(({currentFrame}) => {
  context.fillStyle = `rgb(${Math.floor(currentFrame)}, ${Math.round(currentFrame)}, ${Math.floor(currentFrame)})`;
  context.fillRect(0, 0, canvas.width, canvas.height);
  document.body.classList.toggle('begun', currentFrame >= 6);
});
helios.bindToDocumentTimeline();
