// Shadow roots that attachShadow did not make: written in HTML (shadowrootmode: in the document, by setHTMLUnsafe, in a
// document that comes in), or cloned with their host (shadowrootclonable). document.getAnimations() does not look into any.
const shadowRootOf = Object.getOwnPropertyDescriptor(Element.prototype, 'shadowRoot').get;

function learnHost(element) {
  const root = shadowRootOf.call(element);
  if (root === null || shadowRoots.has(root)) return;
  learnShadowRoot(root);
  learnRoot(root);
}

/// In what comes in.
function learnHosts(tree) {
  learnHost(tree);
  for (const element of tree.querySelectorAll('*')) learnHost(element);
}

// A custom element may look into its own closed root.
const internalRoot = Object.getOwnPropertyDescriptor(ElementInternals.prototype, 'shadowRoot').get;
const {attachInternals} = HTMLElement.prototype;
replaceMethod(HTMLElement.prototype, 'attachInternals', function () {
  const internals = attachInternals.call(this);
  const root = internalRoot.call(internals);
  if (root !== null && !shadowRoots.has(root)) {
    learnShadowRoot(root);
    learnRoot(root);
  }
  return internals;
});

// A closed one that HTML makes belongs to nobody who could show it to us, unless a custom element asks for it.
function warnOfClosed(owner, name) {
  const method = owner[name];
  replaceMethod(owner, name, function (...values) {
    if (/shadowrootmode\s*=\s*["']?closed/i.test(String(values[0]))) {
      warnOnce(`${name}() makes a closed shadow root: its animations stand still, and its images are not waited for, unless a ` +
               'custom element asks for it by attachInternals()');
    }
    return Reflect.apply(method, this, values);
  });
}
warnOfClosed(Element.prototype, 'setHTMLUnsafe');
warnOfClosed(ShadowRoot.prototype, 'setHTMLUnsafe');
warnOfClosed(Document, 'parseHTMLUnsafe');
