import {animate, createTimeline} from 'animejs';
import {bar, lengthPixels, lengthSeconds} from './bars.js';

const duration = lengthSeconds * 1000;
animate(bar(), {width: lengthPixels, duration, ease: 'linear'});
createTimeline({defaults: {ease: 'linear'}}).add(bar(), {width: lengthPixels, duration});
