// BroadcastChannel: a message belongs to the frame in which it was sent. The browser carries it through a process of its own, and
// nothing tells when it arrives. So the runtimes carry it: among windows of one origin, which share a thread (window_broadcasts.js),
// and to and from workers among their messages. Shared and service workers have no runtime: with them, the browser carries all.
const openChannels = new Set();  // WeakRef: a channel that nobody listens to may go without being closed
const closedChannels = new WeakSet();
const NativeBroadcastChannel = globalThis.BroadcastChannel;
const {postMessage: postBroadcast, close: closeBroadcasts} = NativeBroadcastChannel.prototype;
const nameOfChannel = Object.getOwnPropertyDescriptor(NativeBroadcastChannel.prototype, 'name').get;
const ownOrigin = globalThis.origin;
const broadcastsToTell = [];  // to workers, when none is in the middle of a step: {message, from}
let hasStrangers = config.hasStrangers === true;

function deliverBroadcast(channel, data) {
  if (!closedChannels.has(channel)) Reflect.apply(dispatch, channel, [new MessageEvent('message', {data, origin: ownOrigin})]);
}

/// `from`: the channel or worker that it comes from, which does not hear it.
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
