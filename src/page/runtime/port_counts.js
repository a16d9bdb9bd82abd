// Whether all that was sent through the ports of workers has come: what the ends here and those of the workers have counted.
let arePortsGivenUp = false;
const mostPortRounds = 1000;  // of asking all of them in one step: a page that needs more goes on without end

const reachesPorts = (state) => state.hasPorts || state.ports?.length > 0;

/// Of this realm and of its workers.
function portCounts() {
  const here = [...countedPorts.values()].map(({name, reference, sent, received, isStarted, isClosed}) => {
    const isGone = isClosed || reference.deref() === undefined;  // one that is collected can no more be used than one that is closed
    return {name, sent, received, isOpen: isStarted && !isGone, isGone};
  });
  return [...here, ...[...workers.values()].flatMap(({ports = []}) => ports)];
}

const countsByName = () => new Map(portCounts().map((count) => [count.name, count]));

/// An end that has not been started keeps what is sent to it, and one that is on its way has counted nothing yet.
function arePortsQuiet() {
  const counts = countsByName();
  return [...counts.values()].every(({name, received, isOpen}) => {
    const peer = counts.get(nameOfPeer(name));
    if (peer === undefined || peer.sent === received) return true;
    if (!isOpen && !isWorker && arePortsStray()) warnOfLostPort();
    return !isOpen;
  });
}

/// A channel of which an end is gone carries nothing more, once all has come that was sent from there. A call may have a channel of
/// its own, so they are not counted for ever. Only where no end is on its way: what is sent to that has not come.
function forgetUsedPorts() {
  const counts = countsByName();
  const names = new Set();
  for (const {name, sent, isGone} of counts.values()) {
    const peer = counts.get(nameOfPeer(name));
    if (isGone && (peer === undefined || peer.isGone || peer.received === sent)) names.add(name).add(nameOfPeer(name));
  }
  if (names.size > 0) forgetPorts(names);
}

function forgetPorts(names) {
  for (const name of names) countedPorts.delete(name);
  for (const [worker, state] of workers) {
    const {ports = []} = state;
    if (!ports.some(({name}) => names.has(name))) continue;
    state.ports = ports.filter(({name}) => !names.has(name));
    postControlMessage(postNatively, worker, {forgotten: names});
  }
}

const arePortsUnheard = () => areWorkersInTouch && !arePortsGivenUp && !arePortsQuiet();

function tellTimeToPorts() {
  for (const [worker, state] of workers) if (reachesPorts(state)) tellTime(worker, state);
}

function giveUpPorts() {
  arePortsGivenUp = true;
  warnOnce('a page and its workers exchange messages through MessagePorts without end, or they do not come: they come at another frame ' +
           'in each render');
}

/// Asks the workers, each at the time at which it is, until as many messages have come as were sent.
function* hearPorts() {
  let received = -1;
  let endMs = 0;
  for (let round = 0; arePortsUnheard(); round += 1) {
    const before = received;
    received = portCounts().reduce((sum, count) => sum + count.received, 0);
    if (received !== before) endMs = native.now() + requestLimitMs;
    if (native.now() > endMs || round > mostPortRounds) return giveUpPorts();
    const asked = [...workers].filter(([, state]) => reachesPorts(state))
      .map(([worker, state]) => askWorker(worker, state, {nowMs: state.nowMs, runsFrame: false}));
    yield native.Promise.all(asked);
    yield settleMicrotasks();
    yield* waitForRequests();
  }
  return undefined;
}
