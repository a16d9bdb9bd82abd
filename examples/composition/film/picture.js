// 7.5 s to 12.5 s: which size of picture people watched, as a race of bars.

import { append, setEntrance, setTone } from './dom.js';
import { glidingRanks, valueAt } from './series.js';
import { inOutCubic, inOutSine, mix, outCubic, span } from './timing.js';

const RACE_START_S = 0.6;
const RACE_S = 3.5;
const OVERTAKING_YEARS = 1.7;
const STAGGER_S = 0.06;

export function createPicture(section, data) {
  const { heading, unit, caption, series } = data.picture;
  const values = series.map((s) => s.values);
  const lastYear = values[0].length - 1;
  const peak = Math.max(...values.flat());
  const rankOf = glidingRanks(values, OVERTAKING_YEARS, inOutCubic);
  const find = (selector) => section.querySelector(selector);
  find('h2').textContent = heading;
  find('.unit').textContent = unit;
  find('.caption').textContent = caption;
  const entering = [find('h2'), find('.figure'), find('.unit'), find('.year'), find('.caption')];

  const holder = find('.bars');
  holder.style.setProperty('--rows', series.length);
  const bars = series.map((s, i) => {
    const row = append(holder, 'div', 'row');
    append(row, 'span', 'name', s.name);
    const bar = append(append(row, 'span', 'lane'), 'span', 'bar');
    setTone(bar, i, series.length);
    row.style.zIndex = i; // later sizes glide over earlier ones
    return { row, bar, value: append(bar, 'span', 'value') };
  });

  const meanLines = (year) => {
    const total = series.reduce((sum, s) => sum + valueAt(s.values, year), 0);
    return series.reduce((sum, s) => sum + s.lines * valueAt(s.values, year), 0) / total;
  };

  return (time) => {
    const year = mix(0, lastYear, span(time, RACE_START_S, RACE_S, inOutSine));
    entering.forEach((element, i) => setEntrance(element, span(time, 0.25 + 0.08 * i, 0.7), 0.4));
    find('.total').textContent = Math.round(meanLines(year)).toLocaleString('en');
    find('.year').textContent = Math.round(data.firstYear + year);
    bars.forEach(({ row, bar, value }, i) => {
      const rank = rankOf(i, year);
      const share = valueAt(values[i], year);
      const start = 0.2 + STAGGER_S * rankOf(i, 0);
      row.style.top = `${(100 * rank) / series.length}%`;
      row.style.opacity = span(time, start, 0.4, outCubic);
      bar.style.width = `${(100 * share * span(time, start, 0.8)) / peak}%`;
      value.textContent = `${share.toFixed(1)} %`;
    });
  };
}
