// Elements that come into the document: the whole document is looked at once at ready(), from then on only what mutation records
// name.
const interesting =
  `img, image, svg, style, link, video, audio, iframe, object, embed, input[type=image], ${movingElements}, [style*="url("]`;

function learnElement(element) {
  switch (element.localName) {
    case 'img':
    case 'image': learnImage(element); break;
    case 'svg': learnSvg(element); break;
    case 'style':
    case 'link': learnStyleElement(element); break;
    case 'video':
    case 'audio': learnMedia(element); break;
    case 'iframe': learnFrameElement(element); break;
    case 'object':
    case 'embed': arrive(element.localName, untilPluginsBegin()); tellStillPlugin(element); break;
    case 'input': arrive('a picture', tellStillPicture('<input type=image>', element.src)); break;
    default: if (element.matches(movingElements)) learnMovingElement(element);
  }
  if (element.hasAttribute('style') || ownImages.has(element)) loadStyleImages(element);
}

function learnTree(root) {
  if (root.matches?.(interesting)) learnElement(root);
  for (const element of root.querySelectorAll(interesting)) learnElement(element);
}

/// Waits until <object> and <embed> begin to load, which they do in a task after layout (Blink, Document::...PostLayout tasks).
function untilPluginsBegin() {
  forceLayout();
  return settleMicrotasks();
}

/// Warns of an animated picture in an <object> or <embed>. Its type is known only after loading; one with a document is a frame
/// instead.
function tellStillPlugin(element) {
  const look = () => {
    const url = element.data ?? element.src;
    if (!element.getSVGDocument() && animatedTypes.test(typeOfImage(filmKey(url)))) {
      arrive('a picture', tellStillPicture(`<${element.localName}>`, url));
    }
  };
  listen.call(element, 'load', look, {once: true});
  look();
}

function learnMutations(records) {
  const changed = new Set();
  for (const record of records) {
    if (record.attributeName === 'type') noteChangedType(record.target);
    else if (record.type === 'attributes') changed.add(record.target);
    for (const node of record.addedNodes) {
      if (node.nodeType === Node.ELEMENT_NODE && node.isConnected) {
        learnTree(node);
        learnHosts(node);
        noteHosts(node);
      } else if (record.target.localName === 'style') learnSheet(record.target.sheet);
    }
  }
  for (const element of changed) learnElement(element);
  forgetImagesOfGone();
}

const observer = new native.MutationObserver(learnMutations);
const watchedAttributes = ['src', 'srcset', 'srcdoc', 'data', 'href', 'style', 'type'];
const observed = {subtree: true, childList: true, attributes: true, attributeFilter: watchedAttributes};

function learnShadowRoot(root) {
  if (shadowRoots.has(root)) return;
  shadowRoots.add(root);
  watchScrolls(root);
  listenForMedia(root);
  watchFrameLoads(root);
  watchLinkErrors(root);
  observer.observe(root, observed);
  watchText(root);
}

const attachShadow = Element.prototype.attachShadow;
replaceMethod(Element.prototype, 'attachShadow', function (options) {
  const root = attachShadow.call(this, options);
  learnShadowRoot(root);
  return root;
});

const lookedInto = new WeakSet();

/// Learns everything in a document or shadow root, and in the shadow roots below it.
function learnRoot(root) {
  if (lookedInto.has(root)) return;
  lookedInto.add(root);
  learnSheets(root);
  learnTree(root);
  for (const element of root.querySelectorAll('*')) {
    learnHost(element);
    for (const pseudo of [undefined, '::before', '::after']) loadImagesInUse(element, pseudo);
  }
}

function learnDocument() {
  observer.observe(document, observed);
  watchText(document);
  learnRoot(document);
  for (const root of shadowRoots) learnRoot(root);  // a Set also visits what is added meanwhile
}

function* waitForLoads() {
  learnMutations(observer.takeRecords());
  while (arrivals.size > 0 || failures.length > 0) {
    yield* waitForArrivals();
    learnMutations(observer.takeRecords());
  }
  yield* waitForFonts();
}

/// Waits until everything that came in since the last look is loaded, decoded and in its place.
function* waitForIncoming() {
  yield* waitForLoads();
  yield* catchUpChildren();
  yield* waitForMedia();
}
