/// The runtime in a window; null if there is none yet. Throws if the window is of another origin. The window is told the key
/// (runtime.js), so it must be a real one: never the result of a `contentWindow` or `defaultView` that a page may have replaced.
const runtimeOfWindow = (view) => view?.__orchestrator?.(config.key) ?? null;
const windowOfElement = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'contentWindow').get;
const windowOf = (element) => Reflect.apply(windowOfElement, element, []);

// The empty document that an <iframe> begins with and the first one loaded into it share one global object if they are of the
// same origin (HTML, "initial about:blank"; Blink, ShouldReuseDOMWindow), and so one runtime. What belongs to a document, such as
// listeners, is therefore made again for the next document.
let knownDocument = document;
const documentWork = [];

function forEachDocument(work) {
  documentWork.push(work);
  work();
}

/// True if the window has got another document since the last call.
function checkDocument() {
  if (document === knownDocument) return false;
  knownDocument = document;
  for (const work of documentWork) work();
  return true;
}
