// MessagePorts of workers: their messages arrive in no fixed order with other messages. So both ends of a channel count, and a
// step is over only when as many messages have arrived as were sent. A port keeps its name while it travels by messages between a
// page and its workers. A port that is sent in another way is not followed any further, and a warning says so.
const portStates = new WeakMap();  // port -> {name, reference, peer, sent, received, isStarted, isClosed, isAway, isLost}
const countedPorts = new Map();    // name -> such a state, for ports of this realm whose channel has an end in a worker
const NativeMessageChannel = globalThis.MessageChannel;
const NativeMessagePort = globalThis.MessagePort;
const {close: closePort, postMessage: postToPort, start: startPort} = NativeMessagePort.prototype;
const getPort1 = Object.getOwnPropertyDescriptor(NativeMessageChannel.prototype, 'port1').get;
const getPort2 = Object.getOwnPropertyDescriptor(NativeMessageChannel.prototype, 'port2').get;
const portsOfEvent = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'ports').get;
const realmName = native.random();
let lastChannel = 0;

function learnPort(port, name) {
  const state = {name, reference: new WeakRef(port), peer: null, sent: 0, received: 0, isStarted: false, isClosed: false, isAway: false,
                 isLost: false};
  portStates.set(port, state);
  const count = (event) => {
    if (!event.isTrusted) return;
    state.received += 1;
    if (isWorker && Reflect.apply(portsOfEvent, event, []).length > 0) warnOfLostPort();
  };
  for (const type of ['message', 'messageerror']) Reflect.apply(listen, port, [type, count]);
  return state;
}

replaceClass('MessageChannel', (values, newTarget) => {
  const made = Reflect.construct(NativeMessageChannel, values, newTarget);
  const channel = `${realmName} ${++lastChannel}`;
  const first = learnPort(Reflect.apply(getPort1, made, []), `${channel} 1`);
  const second = learnPort(Reflect.apply(getPort2, made, []), `${channel} 2`);
  Object.assign(first, {peer: second});
  Object.assign(second, {peer: first});
  return made;
});
const nameOfPeer = (name) => name.slice(0, -1) + (name.endsWith('1') ? '2' : '1');

function warnOfLostPort() {
  warnOnce('a MessagePort of a worker came or went in a way that is not followed (through another port, or a frame): what comes through ' +
           'it may come at another frame in each render');
}

const onMessage = replaceAccessor(NativeMessagePort.prototype, 'onmessage', {
  set(handler) {
    Reflect.apply(onMessage.set, this, [handler]);
    noteOfPort(this, {isStarted: true});
  },
});

function isPort(value) {
  try {
    Reflect.apply(onMessage.get, value, []);
    return true;
  } catch {
    return false;
  }
}

function noteOfPort(port, what) {
  const state = portStates.get(port);
  if (state !== undefined) Object.assign(state, what);
}

replaceMethod(NativeMessagePort.prototype, 'start', function () {
  Reflect.apply(startPort, this, []);
  noteOfPort(this, {isStarted: true});
});
replaceMethod(NativeMessagePort.prototype, 'close', function () {
  Reflect.apply(closePort, this, []);
  noteOfPort(this, {isClosed: true});
});

/// Reads the transfer list of a postMessage() call: the call's values with that list as an array, and the ports in it.
function readTransfer(values) {
  const options = values[1];
  const isObject = options !== null && typeof options === 'object';
  const isList = isObject && typeof options[Symbol.iterator] === 'function';
  const list = isList ? options : isObject ? options.transfer : undefined;
  if (typeof list?.[Symbol.iterator] !== 'function') return {values, ports: []};
  const all = [...list];
  return {values: [values[0], isList ? all : {transfer: all}], ports: all.filter(isPort)};
}

replaceMethod(NativeMessagePort.prototype, 'postMessage', function (...given) {
  const {values, ports} = readTransfer(given);
  const state = portStates.get(this);
  const isCounted = state !== undefined && countedPorts.has(state.name);
  if (isCounted) tellTimeToPorts();
  Reflect.apply(postToPort, this, values);
  if (state?.isClosed === false) state.sent += 1;
  for (const port of ports) losePort(portStates.get(port));
});

function losePort(state) {
  if (state !== undefined) Object.assign(state, {isAway: true, isLost: true});
  if (isWorker || countedPorts.delete(state?.name)) warnOfLostPort();
}

/// A port's name and counts, which are sent just before the message that carries the port to or from a worker.
function identityOf(port) {
  const state = portStates.get(port);
  if (state === undefined || state.name === null || state.peer?.isLost) warnOfLostPort();
  return {name: state?.name ?? null, sent: state?.sent ?? 0, received: state?.received ?? 0};
}

function partWith(state) {
  if (state === undefined) return;
  state.isAway = true;
  countedPorts.delete(state.name);
  if (state.peer?.isAway === false) countedPorts.set(state.peer.name, state.peer);
}

function postWithPorts(post, ports, tell) {
  if (ports.length === 0) return post();
  if (!areWorkersInTouch) meetOtherWorkers();
  tell({handed: ports.map(identityOf)});
  try {
    post();
  } catch (error) {
    tell({takenBack: true});  // the message could not be cloned and was not sent
    throw error;
  }
  for (const port of ports) partWith(portStates.get(port));
  return undefined;
}

/// `sender.handed` are the identities of ports that were announced and have not arrived yet.
function noteHanded(sender, {handed, takenBack}) {
  if (takenBack) return void sender.handed.pop();
  sender.hasPorts = true;
  sender.handed.push(handed);
  return undefined;
}

function learnPortsOf(event, sender) {
  if (sender === undefined || sender.handed.length === 0 || !event.isTrusted) return;
  const ports = Reflect.apply(portsOfEvent, event, []);
  if (ports.length === 0) return;
  if (!areWorkersInTouch) meetOtherWorkers();
  const told = sender.handed.shift();
  ports.forEach((port, index) => {
    const {name = null, ...counts} = told[index] ?? {};
    const state = Object.assign(learnPort(port, name), counts);
    if (name === null) return;
    state.peer = countedPorts.get(nameOfPeer(name)) ?? null;
    if (state.peer !== null) state.peer.peer = state;
    countedPorts.set(name, state);
  });
}
