// 2.5 s to 7.5 s: hours watched a day, as areas that grow from left to right while the scale follows.

import { append, setAttributes, setEntrance, setTone } from './dom.js';
import { drawGrid } from './grid.js';
import { valueAt } from './series.js';
import { clamp01, inOutSine, mix, outCubic, span } from './timing.js';

const GROWTH_START_S = 0.45;
const GROWTH_S = 3.6;
const STEPS_PER_YEAR = 6;
const HEADROOM = 1.18; // the top of the scale, over the latest total
const SMALLEST_SCALE = 0.5;

/** Sums of the series 0 .. layer - 1 at a position: the lower edge of that layer. */
const stackAt = (series, layer, position) =>
  series.slice(0, layer).reduce((sum, s) => sum + valueAt(s.values, position), 0);

/** Positions to draw up to `head`: every step, and the head itself. */
function positionsUpTo(head) {
  const whole = Math.floor(head * STEPS_PER_YEAR + 1e-9);
  const positions = Array.from({ length: whole + 1 }, (_, i) => i / STEPS_PER_YEAR);
  if (head > whole / STEPS_PER_YEAR) positions.push(head);
  return positions;
}

const points = (positions, edge, plot) =>
  positions.map((p) => `${plot.x(p).toFixed(2)},${plot.y(edge(p)).toFixed(2)}`).join('L');

/** The chart's coordinates, in pixels, from the size that the layout gave it; its font size is the unit. */
function plotOf(svg, lastYear, scale) {
  const { width, height } = svg.getBoundingClientRect();
  const em = parseFloat(getComputedStyle(svg).fontSize);
  const [left, right, top, bottom] = [1.8 * em, width - 7.6 * em, 0.6 * em, height - 2.2 * em];
  return {
    em, left, right, top, bottom,
    x: (position) => mix(left, right, position / lastYear),
    y: (value) => mix(bottom, top, value / scale),
  };
}

function createLayers(svg, series) {
  return series.map((s, i) => {
    const area = append(svg, 'path', 'area');
    setTone(area, i, series.length);
    const label = append(svg, 'text', 'label');
    append(label, 'tspan', 'name', s.name);
    return { area, label, value: append(label, 'tspan', 'value') };
  });
}

function drawLayer(layer, i, series, head, plot) {
  const lower = (p) => stackAt(series, i, p);
  const upper = (p) => stackAt(series, i + 1, p);
  const positions = positionsUpTo(head);
  const there = points(positions, upper, plot);
  const back = points(positions.toReversed(), lower, plot);
  layer.area.setAttribute('d', `M${there}L${back}Z`);
  const thickness = plot.y(lower(head)) - plot.y(upper(head));
  layer.value.textContent = (upper(head) - lower(head)).toFixed(2);
  layer.value.setAttribute('dx', 0.45 * plot.em);
  setAttributes(layer.label, {
    x: plot.x(head) + 0.7 * plot.em,
    y: plot.y((lower(head) + upper(head)) / 2) + 0.36 * plot.em,
    opacity: clamp01((thickness / plot.em - 0.6) * 2.5),
  });
}

function createMilestones(svg, milestones) {
  return milestones.map(({ year, text }) => {
    const group = append(svg, 'g', 'milestone');
    return { year, group, stem: append(group, 'line'), dot: append(group, 'circle'), text: append(group, 'text', '', text) };
  });
}

function drawMilestone({ year, group, stem, dot, text }, head, data, plot) {
  const series = data.watching.series;
  const position = year - data.firstYear;
  const shown = span(head, position, 1.1);
  const [x, foot] = [plot.x(position), plot.y(stackAt(series, series.length, position))];
  const tip = foot - 3.2 * plot.em * shown;
  group.setAttribute('opacity', clamp01(shown * 3));
  setAttributes(stem, { x1: x, x2: x, y1: foot, y2: tip });
  setAttributes(dot, { cx: x, cy: foot, r: 0.28 * plot.em * shown });
  setAttributes(text, { x: x - 0.5 * plot.em, y: tip + 0.7 * plot.em });
}

export function createWatching(section, data) {
  const { heading, unit, caption, series, milestones } = data.watching;
  const lastYear = series[0].values.length - 1;
  const find = (selector) => section.querySelector(selector);
  find('h2').textContent = heading;
  find('.unit').textContent = unit;
  find('.caption').textContent = caption;
  const entering = [find('h2'), find('.figure'), find('.unit'), find('.year'), find('.caption')];
  const svg = find('.chart');
  const grid = append(svg, 'g', 'grid');
  const layers = createLayers(svg, series);
  const marks = createMilestones(svg, milestones);

  return (time) => {
    const head = mix(0, lastYear, span(time, GROWTH_START_S, GROWTH_S, inOutSine));
    const total = stackAt(series, series.length, head);
    entering.forEach((element, i) => setEntrance(element, span(time, 0.2 + 0.08 * i, 0.7), 0.4));
    find('.total').textContent = total.toFixed(2);
    find('.year').textContent = Math.round(data.firstYear + head);
    // Measured after the texts are in, since in an upright window their height decides the chart's.
    const plot = plotOf(svg, lastYear, Math.max(SMALLEST_SCALE, total * HEADROOM));
    drawGrid(grid, plot, { firstYear: data.firstYear, lastYear, shown: span(time, 0.2, 0.6, outCubic) });
    layers.forEach((layer, i) => drawLayer(layer, i, series, head, plot));
    marks.forEach((mark) => drawMilestone(mark, head, data, plot));
  };
}
