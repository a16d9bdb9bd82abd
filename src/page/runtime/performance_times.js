// The Performance API: now, marks and measures, and the browser's own entries, which hold real time.
const beganAtMs = () => epochMs + dateShiftMs() + originMs;
replaceMethod(Performance.prototype, 'now', pageNow);
replaceAccessor(Performance.prototype, 'timeOrigin', {get: () => beganAtMs()});

const {mark, measure} = Performance.prototype;
const withStart = (options) => (options?.startTime === undefined ? {...options, startTime: pageNow()} : options);
replaceMethod(Performance.prototype, 'mark', function (name, ...values) {
  return mark.call(this, name, withStart(values[0]));
});
const {PerformanceMark} = globalThis;
replaceClass('PerformanceMark', ([name, options], newTarget) =>
    Reflect.construct(PerformanceMark, [name, withStart(options)], newTarget));

const loadMoments = globalThis.PerformanceTiming?.prototype;  // not in workers

/// The arguments of measure(), with the page's present as the end if they leave it out. Names of load moments become 0, because
/// the load takes no time on the clock.
function measuredFrom(start, end) {
  const moment = (mark) => (loadMoments !== undefined && typeof mark === 'string' && mark in loadMoments ? 0 : mark);
  if (start === null || typeof start !== 'object') return {start: moment(start) ?? 0, end: moment(end) ?? pageNow()};
  const {detail, duration} = start;
  if (duration !== undefined || (start.start === undefined && start.end === undefined)) return start;
  return {detail, start: moment(start.start) ?? 0, end: moment(start.end) ?? pageNow()};
}
replaceMethod(Performance.prototype, 'measure', function (name, start, ...values) {
  const isWhole = start !== null && typeof start === 'object' && values.length > 0;  // an error, which the browser throws
  return isWhole ? measure.call(this, name, start, ...values) : measure.call(this, name, measuredFrom(start, values[0]));
});

// In the browser's own entries, a moment becomes the clock's time at that moment, and a duration by itself becomes 0.
const isOwnEntry = (entry) => entry.entryType === 'mark' || entry.entryType === 'measure';
const isMoment = (name) => /(Start|End|Time|Timestamp)$|^dom(Interactive|Complete)$/.test(name);
const momentOrNone = (stampMs) => (stampMs === 0 ? 0 : pageTimeOf(stampMs));  // 0: it did not happen

function replaceGetters(owner, read) {
  for (const [name, {get}] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
    const replacement = get && read(name, get);
    if (replacement) replaceAccessor(owner, name, {get: replacement});
  }
}

const startOfEntry = Object.getOwnPropertyDescriptor(PerformanceEntry.prototype, 'startTime').get;
function readEntry(name, get) {
  if (name === 'duration') {
    return function () {
      const durationMs = get.call(this);
      return isOwnEntry(this) ? durationMs : pageTimeOf(startOfEntry.call(this) + durationMs) - this.startTime;
    };
  }
  if (isMoment(name)) {
    return function () {
      const value = get.call(this);
      return typeof value !== 'number' || isOwnEntry(this) ? value : momentOrNone(value);
    };
  }
  return name.endsWith('Duration') ? () => 0 : null;
}

/// Replaces toJSON by one that gives the values of the replaced attributes.
function replaceToJson(owner) {
  const {toJSON} = owner;
  replaceMethod(owner, 'toJSON', function () {
    const object = toJSON.call(this);
    for (const [name, value] of Object.entries(object)) {
      const current = this[name];
      if (typeof value === 'number') object[name] = current;
      else if (typeof current?.toJSON === 'function') object[name] = current.toJSON();
    }
    return object;
  });
}

const entryClasses = ['PerformanceEntry', 'PerformanceResourceTiming', 'PerformanceNavigationTiming', 'PerformancePaintTiming',
  'PerformanceEventTiming', 'PerformanceElementTiming', 'PerformanceLongTaskTiming', 'PerformanceLongAnimationFrameTiming',
  'PerformanceScriptTiming', 'PerformanceSoftNavigation', 'TaskAttributionTiming', 'LargestContentfulPaint',
  'InteractionContentfulPaint', 'LayoutShift', 'VisibilityStateEntry'];
for (const name of entryClasses) {
  const owner = globalThis[name]?.prototype;
  if (owner === undefined) continue;
  replaceGetters(owner, readEntry);
  if (Object.hasOwn(owner, 'toJSON')) replaceToJson(owner);
}
if (loadMoments !== undefined) {
  replaceGetters(loadMoments, (name, get) => function () {
    return get.call(this) === 0 ? 0 : beganAtMs();  // the load takes no time on the clock
  });
  replaceToJson(loadMoments);
}
replaceToJson(Performance.prototype);

// Lists of entries are sorted by the times that are told; the browser sorts them by its own.
for (const owner of [Performance.prototype, PerformanceObserverEntryList.prototype]) {
  for (const name of ['getEntries', 'getEntriesByName', 'getEntriesByType']) {
    const list = owner[name];
    replaceMethod(owner, name, function (...values) {
      return Reflect.apply(list, this, values).sort((one, other) => one.startTime - other.startTime);
    });
  }
}

// chrome.csi and chrome.loadTimes are Chromium's own, older than performance.timing.
const {csi, loadTimes} = globalThis.chrome ?? {};
if (csi !== undefined) {
  replaceMethod(chrome, 'csi', () => ({...csi(), startE: beganAtMs(), onloadT: beganAtMs(), pageT: pageNow()}));
}
if (loadTimes !== undefined) {
  const told = ([name, value]) => [name, name.endsWith('Time') && value !== 0 ? beganAtMs() / 1000 : value];
  replaceMethod(chrome, 'loadTimes', () => Object.fromEntries(Object.entries(loadTimes()).map(told)));
}
