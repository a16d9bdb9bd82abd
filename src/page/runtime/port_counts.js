// Whether all that was sent through the ports of workers has come: what the ends here and those of the workers have counted.
let arePortsGivenUp = false;
const mostPortRounds = 1000;  // of asking all of them in one step: a page that needs more goes on without end

const reachesPorts = (state) => state.hasPorts || state.ports?.length > 0;

/// Of this realm and of its workers.
function portCounts() {
  const here = [...countedPorts.values()].map(({name, sent, received, isStarted, isClosed}) => (
    {name, sent, received, isOpen: isStarted && !isClosed}));
  return [...here, ...[...workers.values()].flatMap(({ports = []}) => ports)];
}

/// An end that has not been started keeps what is sent to it, and one that is on its way has counted nothing yet.
function arePortsQuiet() {
  const counts = new Map(portCounts().map((count) => [count.name, count]));
  return [...counts.values()].every(({name, received, isOpen}) => {
    const peer = counts.get(nameOfPeer(name));
    if (peer === undefined || peer.sent === received) return true;
    if (!isOpen && !isWorker && arePortsStray()) warnOfLostPort();
    return !isOpen;
  });
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
