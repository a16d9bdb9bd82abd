// The times at which events and other objects of the browser were made.
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
// The time of an event that the page makes is recorded when it is made: the browser's stamps are coarser (0.1 ms) than a short
// step, so a stamp that is read later could be taken for that of another step.
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (!/^[A-Z].*Event$/.test(name)) continue;
  const original = globalThis[name];
  replaceClass(name, (values, newTarget) => madeNow(Reflect.construct(original, values, newTarget)));
}
