import {makeProject} from '@revideo/core';
import first from './first.jsx';
import second from './second.jsx';
import third from './third.jsx';
import fourth from './fourth.jsx';
import fifth from './fifth.jsx';
import './fonts.css';

export default makeProject({
  scenes: [first, second, third, fourth, fifth],
  variables: {colour: 'rgb(255, 0, 0)'},
  settings: {shared: {size: {x: 320, y: 180}, background: '#ffffff'}, rendering: {fps: 30}},
});
