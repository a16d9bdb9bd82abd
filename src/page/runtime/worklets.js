// Worklets. An audio worklet runs in the thread that plays sound. A paint worklet draws when the browser asks it to, in realms that
// nobody can step, and in a film's skipped frames not at all. So that a picture depends on its frame alone, a module of ours runs
// in each realm before the page's: dates stand still, and random numbers begin anew with each picture.
const {addModule} = globalThis.Worklet?.prototype ?? {};  // in secure contexts

function standStill(ms) {
  const {Date: NativeDate, Intl: {DateTimeFormat}, Math, Object, Proxy, Reflect, Temporal} = globalThis;
  let random;
  const beginAnew = () => (random = 0x9e3779b9);
  beginAnew();
  Math.random = () => {  // mulberry32, as in random.js
    random = (random + 0x6d2b79f5) | 0;
    let mixed = Math.imul(random ^ (random >>> 15), random | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  NativeDate.now = () => ms;
  globalThis.Date = NativeDate.prototype.constructor = new Proxy(NativeDate, {
    construct: (target, values, newTarget) => Reflect.construct(target, values.length > 0 ? values : [ms], newTarget),
    apply: () => new NativeDate(ms).toString(),
  });
  const {format, formatToParts} = Object.getOwnPropertyDescriptors(DateTimeFormat.prototype);
  const orNow = (date) => (date === undefined ? ms : date);
  Object.defineProperty(DateTimeFormat.prototype, 'format', {get() { return (date) => format.get.call(this)(orNow(date)); }});
  DateTimeFormat.prototype.formatToParts = function (date) { return formatToParts.value.call(this, orNow(date)); };
  if (Temporal !== undefined) {
    const {Now} = Temporal;
    Now.instant = () => Temporal.Instant.fromEpochMilliseconds(ms);
    Now.zonedDateTimeISO = (zone = Now.timeZoneId()) => Now.instant().toZonedDateTimeISO(zone);
    for (const kind of ['PlainDate', 'PlainTime', 'PlainDateTime']) {
      Now[`p${kind.slice(1)}ISO`] = (zone) => Now.zonedDateTimeISO(zone)[`to${kind}`]();
    }
  }
  const {registerPaint} = globalThis;
  globalThis.registerPaint = (name, painter) => registerPaint(name, typeof painter !== 'function' ? painter : class extends painter {
    constructor(...values) {
      beginAnew();
      super(...values);
    }
    paint(...values) {
      beginAnew();
      return super.paint(...values);
    }
  });
}

const preludeText = `(${standStill})(${epochMs})`;
const prepared = new WeakMap();  // Worklet -> promise

/// Adds our module to a worklet. A content security policy may forbid it.
function prepareWorklet(worklet, url) {
  if (!prepared.has(worklet)) {
    const prelude = objectUrl(new Blob([preludeText], {type: 'text/javascript'}));
    noteWaitedFor(prelude);
    prepared.set(worklet, addModule.call(worklet, prelude).catch(() => warnOnce(
      `paint worklet ${shortUrl(String(url))} has the real date and random numbers of its own, because the page's content security ` +
      'policy keeps them from being replaced: what it draws with them differs between renders')));
  }
  return prepared.get(worklet);
}

if (addModule !== undefined) {
  replaceMethod(globalThis.Worklet.prototype, 'addModule', function (...values) {
    if (AudioWorklet === undefined || !(this instanceof AudioWorklet)) {
      return prepareWorklet(this, values[0]).then(() => Reflect.apply(addModule, this, values));
    }
    inRealTime('audio worklet', values[0]);
    return Reflect.apply(addModule, this, values);
  });
}
