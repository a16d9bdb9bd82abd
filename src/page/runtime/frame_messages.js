// Runtimes of frames that cannot reach one another, being of other origins or of none (`sandbox`), talk by messages between their
// windows: in order with those of the pages, unseen by them, and known by a token that no page knows. As with workers, a step so
// comes behind what the page around the frame posted, and its answer behind what the frame posted.
const messageData = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data').get;
const messageSource = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'source').get;
const endMessage = Event.prototype.stopImmediatePropagation;
const frameMessages = new Map();  // kind -> what takes it: (message, the window that sent it)

function postToFrame(target, kind, message = {}) {
  Reflect.apply(native.postMessage, target, [{...message, orchestrator: config.token, kind}, '*']);
}

function takeFrameMessage(event) {
  const data = messageData.call(event);
  if (data === null || typeof data !== 'object' || data.orchestrator !== config.token || data.kind === undefined) return;
  endMessage.call(event);
  frameMessages.get(data.kind)?.(data, messageSource.call(event));
}

const watchFrameMessages = () => listen.call(globalThis, 'message', takeFrameMessage, {capture: true});
forEachDocument(watchFrameMessages);

// They take all listeners from the window (HTML, "document open steps").
for (const name of ['open', 'write', 'writeln']) {
  const method = Document.prototype[name];
  replaceMethod(Document.prototype, name, function (...values) {
    const result = Reflect.apply(method, this, values);
    watchFrameMessages();
    return result;
  });
}
