// Which windows hear one another's BroadcastChannels: those of one origin, unless a frame of another one is around only one of them
// (storage keys; Blink, StorageKey). Those of a chain of frames of one origin are known to the outermost of them.
const hearers = new Set();  // of the windows inside this one: {hear, isThere}
let hasJoined = false;

function addHearer(hearer) {
  hearers.add(hearer);
  return hasStrangers;
}

/// Before there is a channel or a worker here, there is nothing to hear.
function joinBroadcasts() {
  if (hasJoined || parent?.addHearer === undefined) return;
  hasJoined = true;
  const isThere = () => Reflect.apply(viewOfDocument, document, []) !== null;
  hasStrangers = parent.addHearer({hear: hearBroadcast, isThere}) || hasStrangers;
}

function carryHere(message, from) {
  hearBroadcast(message, from);
  for (const hearer of hearers) {
    if (hearer.isThere()) hearer.hear(message, from);
    else hearers.delete(hearer);
  }
}

/// A worker has a channel, or a port.
function meetOtherWorkers() {
  areWorkersInTouch = true;
}

const carryBroadcast = parent?.carryBroadcast ?? carryHere;
const isBelowForeign = parent?.isBelowForeign ?? !isOutermost;

/// The runtimes that carry broadcasts below a window, which is inside one of another origin.
function carriersBelow(view) {
  const runtime = runtimeIn(view);
  const inside = runtime === undefined ? Array.from({length: view.length}, (_, index) => view[index]) : runtime?.foreignWindows?.() ?? [];
  return [...(runtime?.isBelowForeign ? [runtime.carryBroadcast] : []), ...inside.flatMap(carriersBelow)];
}

function broadcast(message, from) {
  const carriers = isBelowForeign ? carriersBelow(window.top) : [];
  for (const carry of new Set([carryBroadcast, ...carriers])) carry(message, from);
}

const meetStranger = () => broadcast({tellsOfStrangers: true}, null);

// Ports that come to a window are not followed: it is known only that there were some, here or in a frame around.
let hasStrayPorts = false;
function noteStray() {
  hasStrayPorts = true;
  parent?.noteStrayPorts?.();
}
const arePortsStray = () => hasStrayPorts || parent?.arePortsStray?.() === true;

function noteStrayPorts(event) {
  if (event.isTrusted && Reflect.apply(portsOfEvent, event, []).length > 0) noteStray();
}
