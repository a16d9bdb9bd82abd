// Runtimes of frames of different origins, or of an opaque origin (`sandbox`), cannot call one another, so they post messages
// between their windows (control_messages.js). As with workers, a step thus arrives after what the surrounding page posted, and
// its answer after what the frame posted. This listener is registered before any page can register one. That holds even if a page
// touches a frame's window before it has its document: the touch itself runs this script there, and the listener stays
// (documents.js).
const messageSource = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'source').get;
const viewOfDocument = Object.getOwnPropertyDescriptor(Document.prototype, 'defaultView').get;
const frameMessages = {__proto__: null};  // kind -> handler(message, the window that sent it)

function postToFrame(target, kind, message = {}) {
  Reflect.apply(native.postMessage, target, [{...message, orchestrator: config.token, kind}, '*']);
}

function takeFrameMessage(event) {
  const data = takeControlMessage(event);
  if (data === null) noteStrayPorts(event);
  else frameMessages[data.kind]?.(data, Reflect.apply(messageSource, event, []));
}

const watchFrameMessages = () => Reflect.apply(listen, globalThis, ['message', takeFrameMessage, true]);
forEachDocument(watchFrameMessages);

// These calls remove all listeners from the document's window (HTML, "document open steps"), which may be another window than
// this one.
for (const name of ['open', 'write', 'writeln']) {
  const method = Document.prototype[name];
  replaceMethod(Document.prototype, name, function (...values) {
    const result = Reflect.apply(method, this, values);
    const view = Reflect.apply(viewOfDocument, this, []);
    if (view === window) watchFrameMessages();
    else runtimeOfWindow(view)?.watchMessages?.();
    return result;
  });
}
