import lottie from 'lottie-web';
import {bar, lengthPixels} from './bars.js';

const linear = {i: {x: [1], y: [1]}, o: {x: [0], y: [0]}};
const still = {o: {a: 0, k: 100}, r: {a: 0, k: 0}, p: {a: 0, k: [0, 0, 0]}, a: {a: 0, k: [0, 0, 0]}};
const scale = {a: 1, k: [{t: 0, s: [0, 100, 100], ...linear}, {t: 24, s: [100, 100, 100]}]};
const rectangle = [
  {ty: 'rc', p: {a: 0, k: [lengthPixels / 2, 10]}, s: {a: 0, k: [lengthPixels, 20]}, r: {a: 0, k: 0}},
  {ty: 'fl', c: {a: 0, k: [0, 0, 1, 1]}, o: {a: 0, k: 100}},
  {ty: 'tr', ...still, s: {a: 0, k: [100, 100]}},
];
const layer = {ty: 4, nm: 'bar', ind: 1, ip: 0, op: 60, st: 0, ks: {...still, s: scale}, shapes: [{ty: 'gr', it: rectangle}]};
for (const renderer of ['svg', 'canvas']) {
  const animationData = JSON.parse(JSON.stringify({v: '5.7.0', fr: 30, ip: 0, op: 60, w: 320, h: 20, assets: [], layers: [layer]}));
  lottie.loadAnimation({container: bar(true), renderer, loop: false, autoplay: true, animationData});
}
