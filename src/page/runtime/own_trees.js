// Shadow trees that the browser itself makes inside an element: the bar of a <progress>, the placeholder of an <input>, the content
// of <details>, what <use> shows. Style sheets reach into them (::-webkit-progress-value, ::placeholder, ::details-content), and
// document.getAnimations() leaves them out. No script can reach them, but the capture side can (hidden_roots.cpp). So a step in
// which such an element comes in pauses, for the capture side to make its tree known. These trees are not for the page's eyes: one
// that replaces the browser's methods to come by them, and reads their `mode`, crashes its own renderer, which ends its render.
//
// Other elements that have such a tree are left alone: what a style sheet reaches in them is part of a picker that no film opens.
// Those of videos are made known for another reason (video_roots.js); the fading of their controls begins by the browser's own timers.
const ownTreeHosts = 'details, input, meter, progress, textarea, use, video';
const ownTrees = new Set();
const knownHosts = new WeakSet();
const strangers = new Set();  // elements whose tree is not known yet
const mostStrangers = 16;     // if there are more, describing the whole document takes less time than one after the other
const hostOf = Object.getOwnPropertyDescriptor(ShadowRoot.prototype, 'host').get;
const treeObserver = new native.MutationObserver(learnTreeMutations);  // <use> in what another <use> shows

const noteHost = (element) => knownHosts.has(element) || strangers.add(element);

function noteHosts(tree) {
  if (tree.matches?.(ownTreeHosts)) noteHost(tree);
  for (const element of tree.querySelectorAll(ownTreeHosts)) noteHost(element);
}

function learnTreeMutations(records) {
  for (const {addedNodes} of records) {
    for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) noteHosts(node);
  }
}

function isInKnownTree(element) {
  const root = element.getRootNode();
  return root === document || shadowRoots.has(root) || ownTrees.has(root);
}

/// Called by the capture side.
function learnOwnTree(root) {
  const host = hostOf.call(root);
  if (host instanceof HTMLVideoElement) return learnVideoRoot(host, root);
  if (ownTrees.has(root) || !host.matches(ownTreeHosts) || !isInKnownTree(host)) return;
  ownTrees.add(root);
  knownHosts.add(host);
  strangers.delete(host);
  treeObserver.observe(root, {subtree: true, childList: true});
  noteHosts(root);
}

/// What is in such an element changes with its type.
function noteChangedType(element) {
  if (!element.matches(ownTreeHosts)) return;
  knownHosts.delete(element);
  strangers.add(element);
}

/// An element that comes back is a stranger again.
function forgetTreesOfGone() {
  for (const root of ownTrees) {
    if (root.isConnected) continue;
    ownTrees.delete(root);
    knownHosts.delete(hostOf.call(root));
  }
}

/// The next element, or document, whose trees the capture side is to make known; null if there are no more.
function nextStranger() {
  if (strangers.size > mostStrangers) {
    for (const element of strangers) if (element.isConnected) strangers.delete(element);
    return document;
  }
  for (const element of strangers) {
    strangers.delete(element);
    return element;
  }
  let found = null;
  forEachChildRuntime((child) => { found ??= child.nextStranger?.() ?? null; });
  return found;
}

/// Has the capture side make trees known. For a frame inside, the page around it asks; if that is of another origin, it has the
/// capture side look through its whole document.
function* askForTrees() {
  const asked = [...strangers];
  yield waitFor('the browser\'s own elements', meetStrangers());
  for (const element of asked) strangers.delete(element);
}
const meetStrangers = () => (parent === null ? pauseFor('strangers') : parent.meetStrangers());

frameMessages.strangers = async (message, source) => {
  if (foreignIn(source) === null) return;
  strangers.add(document);
  await meetStrangers();
  postToFrame(source, 'strangers met');
};

/// Makes known what came in. What <use> shows, the browser makes when it applies styles.
function* learnOwnTrees() {
  learnMutations(observer.takeRecords());
  while (strangers.size > 0 || ownTrees.size > 0) {
    native.getAnimations.call(document);
    learnTreeMutations(treeObserver.takeRecords());
    if (strangers.size === 0) break;
    yield* askForTrees();
  }
}

/// Before the page's animations are first put in place.
function* learnFirstTrees() {
  for (const root of [document, ...shadowRoots]) noteHosts(root);
  yield* learnOwnTrees();
}
