import {makeProject} from '@motion-canvas/core';
import first from './first.jsx?scene';
import second from './second.jsx?scene';
import third from './third.jsx?scene';
import fourth from './fourth.jsx?scene';
import fifth from './fifth.jsx?scene';
import './fonts.css';

export default makeProject({scenes: [first, second, third, fourth, fifth], variables: {colour: 'rgb(255, 0, 0)'}});
