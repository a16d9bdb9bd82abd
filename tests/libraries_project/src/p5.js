import p5 from 'p5';
import {bar, barColour, lengthPixels, lengthSeconds} from './bars.js';

new p5((sketch) => {
  sketch.setup = () => {
    sketch.createCanvas(320, 40);
    sketch.frameRate(30);
    sketch.noStroke();
  };
  sketch.draw = () => {
    sketch.background('white');
    sketch.fill(barColour);
    sketch.rect(0, 0, 10 * sketch.frameCount, 20);
    sketch.rect(0, 20, (sketch.millis() / 1000 / lengthSeconds) * lengthPixels, 20);
  };
}, bar(true));
