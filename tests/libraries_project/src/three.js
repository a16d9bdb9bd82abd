import {Mesh, MeshBasicMaterial, OrthographicCamera, PlaneGeometry, Scene, Timer, WebGLRenderer} from 'three';
import {bar, barColour, lengthPixels, lengthSeconds} from './bars.js';

const renderer = new WebGLRenderer();
renderer.setSize(320, 20);
renderer.setClearColor('white');
bar(true).append(renderer.domElement);
const plane = new Mesh(new PlaneGeometry(1, 20).translate(0.5, 0, 0), new MeshBasicMaterial({color: barColour}));
const scene = new Scene();
scene.add(plane);
const camera = new OrthographicCamera(0, 320, 10, -10, -1, 1);
const timer = new Timer();
renderer.setAnimationLoop((timestamp) => {
  timer.update(timestamp);
  plane.scale.x = Math.max((timer.getElapsed() / lengthSeconds) * lengthPixels, 1e-6);
  renderer.render(scene, camera);
});
