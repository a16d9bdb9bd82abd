// Shadow roots that attachShadow did not make: those written in HTML (shadowrootmode: in the document, by setHTMLUnsafe, in a
// document that is loaded later), or cloned with their host (shadowrootclonable). They must be known, because
// document.getAnimations() leaves out shadow roots.
const shadowRootOf = Object.getOwnPropertyDescriptor(Element.prototype, 'shadowRoot').get;

/// Learns a root and all in it. False if it was known.
function learnFoundRoot(root) {
  if (shadowRoots.has(root)) return false;
  learnShadowRoot(root);
  learnRoot(root);
  return true;
}

function learnHost(element) {
  const root = shadowRootOf.call(element);
  if (root === null) return;
  learnFoundRoot(root);
  noteHosts(root);
}

/// Learns the shadow roots in a tree that was inserted.
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
  if (root !== null) learnFoundRoot(root);
  return internals;
});

// A closed root that HTML makes cannot be reached by any script, unless a custom element asks for it. The capture side finds the
// roots of each document's own HTML (hidden_roots.cpp), and those that scripts make before its first look at the page, after
// loading.
let mayHaveClosedRoots = false;
let isLookedAt = parent !== null;

function* finishLoadingOfPage() {
  yield* finishLoading();
  isLookedAt = true;
  return {mayHaveClosedRoots};
}

const modes = /shadowrootmode\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*))/gi;
/// Resolves numeric character references in an attribute's value. The letters of "closed" have no named ones.
const withoutReferences = (text) =>
  text.replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));?/gi, (all, hex, decimal) => String.fromCharCode(hex ? parseInt(hex, 16) : decimal));
const isClosed = ([, double, single, bare]) => /^closed$/i.test(withoutReferences(double ?? single ?? bare));

function noteClosedRoots(what, html) {
  if (![...html.matchAll(modes)].some(isClosed)) return;
  mayHaveClosedRoots = true;
  if (!isLookedAt) return;
  warnOnce(`${what} makes a closed shadow root: its animations stand still, and its images are not waited for, unless a ` +
           'custom element asks for it by attachInternals()');
}

const textOfHtml = (value) => (typeof value === 'string' || value instanceof TrustedHTML ? String(value) : '');

function watchHtml(owner, name) {
  const method = owner[name];
  replaceMethod(owner, name, function (...values) {
    noteClosedRoots(`${name}()`, values.map(textOfHtml).join(''));
    return Reflect.apply(method, this, values);
  });
}
watchHtml(Element.prototype, 'setHTMLUnsafe');
watchHtml(ShadowRoot.prototype, 'setHTMLUnsafe');
watchHtml(Document, 'parseHTMLUnsafe');
watchHtml(Document.prototype, 'write');
watchHtml(Document.prototype, 'writeln');
