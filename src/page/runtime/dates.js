// Everything that tells the date: Date, Temporal, Intl, and what the browser dates by itself.
replaceMethod(native.Date, 'now', dateNow);
replaceClass('Date', (values, newTarget) => Reflect.construct(native.Date, values.length > 0 ? values : [dateNow()], newTarget), {
  apply: () => new native.Date(dateNow()).toString(),
});

// An Intl.DateTimeFormat that is given no date formats the present.
const orNow = (values) => (values[0] === undefined ? [dateNow()] : values);
const {DateTimeFormat} = Intl;
const {formatToParts} = DateTimeFormat.prototype;
replaceMethod(DateTimeFormat.prototype, 'formatToParts', function (...values) {
  return Reflect.apply(formatToParts, this, orNow(values));
});
const boundFormats = new WeakMap();  // the getter gives the same function each time (ECMA-402, 11.3.3)
const nativeFormat = replaceAccessor(DateTimeFormat.prototype, 'format', {
  get() {
    const format = nativeFormat.get.call(this);
    if (!boundFormats.has(format)) {
      boundFormats.set(format, new Proxy(format, {apply: (target, self, values) => target(...orNow(values))}));
    }
    return boundFormats.get(format);
  },
});

// Temporal came with Chromium 144. Its times are cut to whole microseconds here, so that they agree with Date.
if (globalThis.Temporal !== undefined) {
  const {Instant, Now, ZonedDateTime} = globalThis.Temporal;
  const {fromEpochNanoseconds} = Instant;
  const {toZonedDateTimeISO} = Instant.prototype;
  const {timeZoneId} = Now;
  const instant = () => fromEpochNanoseconds(BigInt(Math.floor((epochMs + dateShiftMs() + absoluteNow()) * 1000)) * 1000n);
  const zoned = (zone = timeZoneId()) => toZonedDateTimeISO.call(instant(), zone);
  replaceMethod(Now, 'instant', instant);
  replaceMethod(Now, 'zonedDateTimeISO', zoned);
  for (const kind of ['PlainDate', 'PlainTime', 'PlainDateTime']) {
    const convert = ZonedDateTime.prototype[`to${kind}`];
    replaceMethod(Now, `p${kind.slice(1)}ISO`, (zone) => convert.call(zoned(zone)));
  }
}

// Files and notifications get the date at which they are made, unless the page gives them one.
function dateWhenMade(name, optionsAt, key) {
  const original = globalThis[name];
  replaceClass(name, (values, newTarget) => {
    const options = values[optionsAt];
    if (values.length >= optionsAt && options?.[key] === undefined) values[optionsAt] = {...options, [key]: dateNow()};
    return Reflect.construct(original, values, newTarget);
  });
}
dateWhenMade('File', 2, 'lastModified');
if (globalThis.Notification !== undefined) dateWhenMade('Notification', 1, 'timestamp');

// Files that the page does not construct (from FormData or its own file system) have real dates, which are translated when read.
const pageBeganMs = Math.floor(nativeOriginMs);
const realNow = () => +new native.Date();
const lastModified = replaceAccessor(File.prototype, 'lastModified', {
  get() {
    const dateMs = lastModified.get.call(this);
    return dateMs < pageBeganMs || dateMs > realNow() ? dateMs : Math.floor(epochMs + dateShiftMs() + timeOfReal(dateMs));
  },
});
replaceAccessor(File.prototype, 'lastModifiedDate', {
  get() {
    return new native.Date(this.lastModified);
  },
});
