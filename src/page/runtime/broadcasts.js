// BroadcastChannel: a message belongs to the frame in which it was sent. The browser would carry it through another process, and
// nothing tells when it arrives. So the runtimes carry it: directly among windows of one origin, which share a thread
// (window_broadcasts.js), and to and from workers among their other messages. Shared and service workers have no runtime; as soon
// as a page has one, the browser carries all messages.
const openChannels = new Set();  // WeakRefs: a channel that nobody listens to may be collected without being closed
const closedChannels = new WeakSet();
const NativeBroadcastChannel = globalThis.BroadcastChannel;
const {postMessage: postBroadcast, close: closeBroadcasts} = NativeBroadcastChannel.prototype;
const nameOfChannel = Object.getOwnPropertyDescriptor(NativeBroadcastChannel.prototype, 'name').get;
const ownOrigin = globalThis.origin;
const broadcastsToTell = [];  // {message, from}, sent to workers when none is in the middle of a step
let hasStrangers = config.hasStrangers === true;  // whether there are shared or service workers

function deliverBroadcast(channel, data) {
  if (!closedChannels.has(channel)) Reflect.apply(dispatch, channel, [new MessageEvent('message', {data, origin: ownOrigin})]);
}

/// Delivers a message to this realm's channels and workers. `from` is the channel or worker that sent it and does not hear it.
function hearBroadcast(message, from) {
  hasStrangers ||= message.tellsOfStrangers === true;
  for (const reference of openChannels) {
    const channel = reference.deref();
    if (channel === undefined) openChannels.delete(reference);
    else if (channel !== from && Reflect.apply(nameOfChannel, channel, []) === message.name) {
      const data = native.structuredClone(message.data);
      native.postTask(() => deliverBroadcast(channel, data));
    }
  }
  if (workers.size === 0) return;
  broadcastsToTell.push({message, from});
  if (!areWorkersStepped) tellBroadcasts();
}

function tellBroadcasts() {
  for (const {message, from} of broadcastsToTell.splice(0)) {
    for (const [worker, state] of workers) {
      if (worker === from || !state.isOfOrigin) continue;
      tellTime(worker, state);
      state.posted = true;
      exchanged += 1;
      postControlMessage(postNatively, worker, {broadcast: message});
    }
  }
}

replaceClass('BroadcastChannel', (values, newTarget) => {
  const channel = Reflect.construct(NativeBroadcastChannel, values, newTarget);
  openChannels.add(new WeakRef(channel));
  joinBroadcasts(channel);
  return channel;
});
replaceMethod(NativeBroadcastChannel.prototype, 'postMessage', function (...values) {
  const name = Reflect.apply(nameOfChannel, this, []);
  if (hasStrangers) {
    warnOnce(`BroadcastChannel ${shortUrl(name)} of a page with a shared or service worker: its messages come in real time, at another ` +
             'frame in each render');
  }
  if (hasStrangers || values.length === 0 || closedChannels.has(this)) return Reflect.apply(postBroadcast, this, values);
  return broadcast({name, data: native.structuredClone(values[0])}, this);
});
replaceMethod(NativeBroadcastChannel.prototype, 'close', function () {
  closedChannels.add(this);
  Reflect.apply(closeBroadcasts, this, []);
});
