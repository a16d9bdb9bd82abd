// Whether all messages sent through the ports of workers have arrived, by the counts of the ports here and in the workers.
let arePortsGivenUp = false;
const mostPortRounds = 1000;  // of asking all workers in one step: a page that needs more is taken to go on without end

const reachesPorts = (state) => state.hasPorts || state.ports?.length > 0;

/// The counts of this realm's ports and of its workers' ports.
function portCounts() {
  const here = [...countedPorts.values()].map(({name, reference, sent, received, isStarted, isClosed}) => {
    const isGone = isClosed || reference.deref() === undefined;  // a collected port can be used no more than a closed one
    return {name, sent, received, isOpen: isStarted && !isGone, isGone};
  });
  return [...here, ...[...workers.values()].flatMap(({ports = []}) => ports)];
}

const countsByName = () => new Map(portCounts().map((count) => [count.name, count]));

/// True if nothing is on its way to a port that would receive it. A port that has not been started only queues messages, and one
/// that is being transferred is in no list.
function arePortsQuiet() {
  const counts = countsByName();
  return [...counts.values()].every(({name, received, isOpen}) => {
    const peer = counts.get(nameOfPeer(name));
    if (peer === undefined || peer.sent === received) return true;
    if (!isOpen && !isWorker && arePortsStray()) warnOfLostPort();
    return !isOpen;
  });
}

/// Forgets channels that carry nothing more: one end is gone, and all that it sent has arrived. Otherwise a page that makes a
/// channel for each call would fill the lists. Only a page calls this, and only when its exchange with its workers is over: a
/// port on its way may have messages to come.
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

/// Asks the workers, without moving their time, until as many messages have arrived as were sent.
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
