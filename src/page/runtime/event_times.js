// When events were made, and other moments that the browser hands out.
const momentsMs = new WeakMap();  // object -> the page's time at which it was made

function momentOf(object, findMs) {
  if (!momentsMs.has(object)) momentsMs.set(object, findMs());
  return momentsMs.get(object);
}

function madeNow(event) {
  momentsMs.set(event, pageNow());
  return event;
}

const timeStamp = replaceAccessor(Event.prototype, 'timeStamp', {
  get() {
    const stampMs = timeStamp.get.call(this);
    return momentOf(this, () => pageTimeOf(stampMs));
  },
});
// The browser's stamps are coarser than a step may be short, and a page may look at them later: its own are written down.
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (!/^[A-Z].*Event$/.test(name)) continue;
  const original = globalThis[name];
  replaceClass(name, (values, newTarget) => madeNow(Reflect.construct(original, values, newTarget)));
}
