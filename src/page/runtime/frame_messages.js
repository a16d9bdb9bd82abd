// Runtimes of frames that cannot reach one another, being of other origins or of none (`sandbox`), talk by messages between their
// windows (control_messages.js). As with workers, a step so comes behind what the page around the frame posted, and its answer
// behind what the frame posted. It listens before any page can, also where a page has touched a frame's window before that has its
// document: the touch itself brings this script, and what listens there stays (documents.js).
const messageSource = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'source').get;
const viewOfDocument = Object.getOwnPropertyDescriptor(Document.prototype, 'defaultView').get;
const frameMessages = {__proto__: null};  // kind -> what takes it: (message, the window that sent it)

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

// They take all listeners from the window (HTML, "document open steps"), which may be another than this one.
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
