// The automation of an AudioParam runs in the thread that plays sound, in real time. So does the value that a page reads of it.
const {AudioParam} = globalThis;
const automatedParams = new WeakSet();

for (const name of ['setValueAtTime', 'linearRampToValueAtTime', 'exponentialRampToValueAtTime', 'setTargetAtTime',
                    'setValueCurveAtTime']) {
  const method = AudioParam.prototype[name];
  replaceMethod(AudioParam.prototype, name, function (...values) {
    automatedParams.add(this);
    return Reflect.apply(method, this, values);
  });
}

const valueOfParam = replaceAccessor(AudioParam.prototype, 'value', {
  get() {
    if (automatedParams.has(this)) {
      warnOnce('AudioParam.value follows its automation (linearRampToValueAtTime() and its kin) in real time: what a page reads of ' +
               'it may be another in each render');
    }
    return valueOfParam.get.call(this);
  },
});
