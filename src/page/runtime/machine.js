// What a page is told of its machine and network is the same everywhere, because one film may be rendered on several machines: a
// page that sizes a pool of workers or picks the quality of a video by these values must not do so differently in each chunk.
const toldOfMachine = {
  Navigator: {hardwareConcurrency: 4, deviceMemory: 8},
  WorkerNavigator: {hardwareConcurrency: 4, deviceMemory: 8},
  NetworkInformation: {effectiveType: '4g', rtt: 0, downlink: 10, saveData: false},
  BatteryManager: {charging: true, level: 1, chargingTime: 0, dischargingTime: Infinity},
};
for (const [name, values] of Object.entries(toldOfMachine)) {
  const owner = globalThis[name]?.prototype;  // workers have no batteries; without a secure context there is no deviceMemory
  for (const [attribute, value] of Object.entries(owner === undefined ? {} : values)) {
    if (!Object.hasOwn(owner, attribute)) continue;
    const original = replaceAccessor(owner, attribute, {
      get() {
        original.get.call(this);  // throws for an object of another class
        return value;
      },
    });
  }
}
