/// The runtime in a window; null if there is none yet. Throws if it is of another origin. It is told the key (runtime.js), so the
/// window must be a real one: not what a page's own `contentWindow` or `defaultView` gives.
const runtimeOfWindow = (view) => view?.__orchestrator?.(config.key) ?? null;
const windowOfElement = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'contentWindow').get;
const windowOf = (element) => Reflect.apply(windowOfElement, element, []);

// The document that an <iframe> is made with and the first one of its own, if that is of the same origin, have one global
// object (HTML, "initial about:blank"; Blink, ShouldReuseDOMWindow), and so one runtime. What belongs to a document, such
// as listeners, is made again for the next one.
let knownDocument = document;
const documentWork = [];

function forEachDocument(work) {
  documentWork.push(work);
  work();
}

/// True if there is another document than at the last call.
function checkDocument() {
  if (document === knownDocument) return false;
  knownDocument = document;
  for (const work of documentWork) work();
  return true;
}
