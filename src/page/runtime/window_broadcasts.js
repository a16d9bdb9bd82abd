// Which windows hear one another's BroadcastChannels: windows of one origin, unless only one of them is inside a frame of another
// origin (they then differ in their storage key; Blink, StorageKey). In a chain of nested frames of one origin, the outermost
// knows the others.
const hearers = new Set();  // {hear, isThere} of the windows inside this one
let hasJoined = false;

function addHearer(hearer) {
  hearers.add(hearer);
  return hasStrangers;
}

/// Makes this window hear broadcasts, from its first channel or worker on. `channel` is absent if a worker is the reason.
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

/// Called when a worker gets a channel or a port, so that workers can reach one another.
function meetOtherWorkers() {
  areWorkersInTouch = true;
}

const carryBroadcast = parent?.carryBroadcast ?? carryHere;
const isBelowForeign = parent?.isBelowForeign ?? !isOutermost;

/// The runtimes that carry broadcasts and are inside a frame of another origin: those in `view` and below, in front of `found`.
/// Lists are linked by `next` and read by index, because methods of arrays can be replaced by a page, which could then put an
/// object of its own in a window's place and be told the key (childWindows), or hold messages back.
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

/// Whether other windows of this origin cannot find this one: a page of another origin lists its frames by index, and frames in
/// shadow roots are not in that list (HTML, "document-tree child navigables").
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

// MessagePorts that are sent to a window are not followed. Only the fact that there were some is kept, here and in the parent
// frames.
let hasStrayPorts = false;
function noteStray() {
  hasStrayPorts = true;
  parent?.noteStrayPorts?.();
}
const arePortsStray = () => hasStrayPorts || parent?.arePortsStray?.() === true;

function noteStrayPorts(event) {
  if (event.isTrusted && Reflect.apply(portsOfEvent, event, []).length > 0) noteStray();
}
