import {easeLinear} from 'd3-ease';
import {select} from 'd3-selection';
import 'd3-transition';
import {bar, lengthPixels, lengthSeconds} from './bars.js';

select(bar()).style('width', '0px').transition().duration(lengthSeconds * 1000).ease(easeLinear).style('width', `${lengthPixels}px`);
