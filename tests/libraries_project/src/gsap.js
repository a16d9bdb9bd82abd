import gsap from 'gsap';
import {bar, lengthPixels, lengthSeconds} from './bars.js';

gsap.to(bar(), {width: lengthPixels, duration: lengthSeconds, ease: 'none'});
const half = {duration: lengthSeconds / 2, ease: 'none'};
const second = bar();
gsap.timeline().to(second, {width: lengthPixels / 2, ...half}).to(second, {width: lengthPixels, ...half});
