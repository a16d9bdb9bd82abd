// Which windows hear one another's BroadcastChannels: those of one origin, unless a frame of another one is around only one of them
// (storage keys; Blink, StorageKey). Those of a chain of frames of one origin are known to the outermost of them.
const hearers = new Set();  // of the windows inside this one: {hear, isThere}
let hasJoined = false;

function addHearer(hearer) {
  hearers.add(hearer);
  return hasStrangers;
}

/// Before there is a channel or a worker here, there is nothing to hear. `channel`: if it is one of this window.
function joinBroadcasts(channel) {
  if (channel !== undefined) warnIfHidden();
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

/// The runtimes that carry broadcasts below a window, which is inside one of another origin; `found` are there already. All by `next`
/// and by index: what a page can replace would be told the key in a window's place (childWindows), or could keep messages back.
function carriersBelow(view, found) {
  const runtime = runtimeIn(view);
  let carriers = runtime?.isBelowForeign ? withCarrier(found, runtime.carryBroadcast) : found;
  for (let index = 0; runtime === undefined && index < view.length; index += 1) carriers = carriersBelow(view[index], carriers);
  for (let place = runtime?.windows?.() ?? null; place !== null; place = place.next) carriers = carriersBelow(place.window, carriers);
  for (let place = runtime?.foreignFrames?.() ?? null; place !== null; place = place.next) {
    carriers = carriersBelow(place.window, carriers);
  }
  return carriers;
}

function withCarrier(carriers, carry) {
  for (let known = carriers; known !== null; known = known.next) if (known.carry === carry) return carriers;
  return {carry, next: carriers};
}

function broadcast(message, from) {
  let carriers = withCarrier(null, carryBroadcast);
  warnIfHidden();
  if (isBelowForeign) carriers = carriersBelow(window.top, carriers);
  for (; carriers !== null; carriers = carriers.next) carriers.carry(message, from);
}

/// Whether windows of this origin cannot find this one: frames in shadow roots are not among the windows that a page of another origin
/// shows of itself (HTML, "document-tree child navigables").
const isHidden = () => !isOutermost && isHiddenIn(window, parentWindow);

function isHiddenIn(view, around) {
  const runtime = runtimeIn(around);
  if (runtime !== undefined) return runtime?.isHidden?.() === true;
  let index = 0;
  while (index < around.length && around[index] !== view) index += 1;
  return index === around.length || (around.parent !== around && isHiddenIn(around, around.parent));
}

function warnIfHidden() {
  if (!isBelowForeign || !isHidden()) return;
  warnOnce(`frame ${shortUrl(location.href)}: it is in a shadow root of a page of another origin, where frames elsewhere do not hear its ` +
           'BroadcastChannels');
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
