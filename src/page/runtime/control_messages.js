// The runtimes of frames and workers that cannot reach one another talk by messages among those of their pages, in order with them
// and unseen by them. They are known by a token: whoever has it could speak for a runtime, also to pages of other origins. So it is
// never where a page's code could see it: nothing that a page can replace is called with a message that carries it
// (Function.prototype.call, methods of Map, iterators), and it is taken out of what came before anything else is done with that.
const messageData = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data').get;
const endMessage = Event.prototype.stopImmediatePropagation;

/// The event's message, without the token, if it is one of ours: the page's listeners do not get it then. Null otherwise.
function takeControlMessage(event) {
  let data = null;
  try {
    data = Reflect.apply(messageData, event, []);
  } catch {
    return null;  // no MessageEvent, but a page's own of that name
  }
  if (data === null || typeof data !== 'object' || data.orchestrator !== config.token) return null;
  Reflect.apply(endMessage, event, []);
  delete data.orchestrator;
  return data;
}

/// `post`: the postMessage of a Worker, or of a worker's own scope.
function postControlMessage(post, target, message) {
  Reflect.apply(post, target, [{...message, orchestrator: config.token}]);
}
