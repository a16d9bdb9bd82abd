// Runtimes of frames and workers that cannot call one another exchange messages. These travel between the messages of their
// pages, in order with them, and pages do not see them. A token marks them. Whoever knew it could speak for a runtime, even to
// pages of other origins, so no code of a page may see it: nothing that a page can replace is called with a message that carries
// the token (Function.prototype.call, methods of Map, iterators), and it is removed from a received message before anything else
// happens.
const messageData = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data').get;
const endMessage = Event.prototype.stopImmediatePropagation;

/// The event's message without the token, if it is a control message; the page's listeners then do not get the event. Null
/// otherwise.
function takeControlMessage(event) {
  let data = null;
  try {
    data = Reflect.apply(messageData, event, []);
  } catch {
    return null;  // not a MessageEvent, but an event of that type that the page made
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
