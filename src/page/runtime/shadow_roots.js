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
