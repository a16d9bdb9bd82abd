import {Helios} from '@helios-project/core';
import gsap from 'gsap';

const lengthSeconds = 0.8;
const {color = 'white'} = window.__HELIOS_PROPS__ ?? {};
document.body.style.background = color;

const helios = new Helios({duration: lengthSeconds, fps: 30, width: 320, height: 180, autoSyncAnimations: true});
document.querySelector('#waapi').animate({width: ['0px', '240px']}, {duration: lengthSeconds * 1000, fill: 'both'});
const timeline = gsap.timeline({paused: true}).to('#gsap', {width: 240, duration: lengthSeconds, ease: 'none'});
helios.subscribe(({currentFrame}) => {
  document.querySelector('#subscriber').style.width = `${10 * Math.floor(currentFrame)}px`;
});
helios.bindToDocumentTimeline();
Object.assign(window, {helios, __helios_gsap_timeline__: timeline});
