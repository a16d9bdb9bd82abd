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
