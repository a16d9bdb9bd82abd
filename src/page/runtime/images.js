// Images of elements and of CSS. A new image must be loaded and decoded before a frame shows it: without the wait for decode(),
// 73 of 90 large images were missing in their first frame.
const loadingImages = new WeakMap();  // element -> the URL that is being waited for
const cssImages = new Map();          // URL -> {image, loaded: promise of a boolean, users}; `image` keeps it in the memory cache

/// The URL that an image shows. It is empty for an empty `src`: a browser then loads nothing, although `image.src` is the page's
/// URL.
const urlOf = (image) => image.currentSrc || (image.getAttribute('src')?.trim() && image.src) || image.href?.baseVal || '';

/// Waits until what the element finally shows is loaded and decoded: a page's error handler may set another image.
async function loadImage(image) {
  for (;;) {
    const url = urlOf(image);
    noteWaitedFor(url);
    try {
      await (image.decode ?? native.decodeImage).call(image);
      noteWaitedFor(urlOf(image));  // the browser may only now have chosen one of several
      await settleMicrotasks();  // an image without decoding, such as SVG, may be done before its load event
      await learnFilmOf(image, urlOf(image));
      return;
    } catch {
      await settleMicrotasks();  // lets the page's own error handler run
    }
    if (urlOf(image) !== url) continue;
    const isThere = image.complete === true && image.naturalWidth > 0;
    if (isThere || url === '' || !image.isConnected) return;
    throw new Error(`image ${shortUrl(url)} failed to load`);
  }
}

function learnImage(image) {
  const url = urlOf(image);
  if ((url === '' && !image.srcset) || loadingImages.get(image) === url) return;
  loadingImages.set(image, url);
  arrive(() => `image ${shortUrl(urlOf(image))}`, loadImage(image).finally(() => loadingImages.delete(image)));
}

const source = replaceAccessor(HTMLImageElement.prototype, 'src', {
  set(value) {
    source.set.call(this, value);
    learnImage(this);  // also while it is not in the document: its load event belongs to this frame
  },
});

const urlPattern = /url\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^)"'\s]+))\s*\)/g;

function* urlsIn(text, base) {
  for (const [, quoted, single, bare] of text.matchAll(urlPattern)) {
    const url = (quoted ?? single ?? bare).replace(/\\(.)/g, '$1');
    if (url !== '' && !url.startsWith('#')) yield new URL(url, base).href;
  }
}

function loadCssImage(url, isInUse) {
  if (!cssImages.has(url)) {
    const image = new native.Image();
    source.set.call(image, url);
    const loaded = native.decodeImage.call(image).then(() => learnCssFilm(url)).then(
      () => true, () => (image.complete && image.naturalWidth > 0) || loadedBlobs.has(url));
    if (url.startsWith('blob:')) loaded.then((isLoaded) => isLoaded && loadedBlobs.add(url));
    cssImages.set(url, {image, loaded, users: new Set()});
    noteWaitedFor(url);
    arrive(`image ${shortUrl(url)}`, loaded);
  }
  if (!isInUse) return;
  const checked = cssImages.get(url).loaded.then((isLoaded) => {
    if (!isLoaded) throw new Error(`image ${shortUrl(url)} failed to load`);
  });
  arrive(`image ${shortUrl(url)}`, checked);
}

/// `user`: the element or style sheet whose text it is.
function loadCssImages(text, base, isInUse, user) {
  if (!text.includes('url(')) return;
  for (const url of urlsIn(text, base)) {
    if (url.includes('#') && !url.startsWith('data:')) continue;  // file.svg#id names an element, not an image
    loadCssImage(url, isInUse);
    noteUser(url, user);
  }
}

// A page may make images of its own for each frame. They are forgotten once no user has them any more.
const ownImages = new Map();        // user -> Set of data: and blob: URLs
const ownedSheets = new WeakSet();  // those of <style> and <link>
const loadedBlobs = new Set();      // URLs: the browser may still have the image of one that has been revoked

function noteUser(url, user) {
  if (!/^(data|blob):/.test(url)) return;
  cssImages.get(url).users.add(user);
  if (!ownImages.has(user)) ownImages.set(user, new Set());
  ownImages.get(user).add(url);
  if (user.ownerNode) ownedSheets.add(user);
}

/// Lets a user have other images, which `load` notes.
function changeImages(user, load) {
  const before = ownImages.get(user) ?? [];
  ownImages.delete(user);
  load();
  const now = ownImages.get(user);
  for (const url of before) {
    const {users} = cssImages.get(url);
    if (now?.has(url) || !users.delete(user) || users.size > 0) continue;
    cssImages.delete(url);
  }
}

function loadStyleImages(element) {
  const text = element.getAttribute('style');
  changeImages(element, () => text !== null && loadCssImages(text, document.baseURI, true, element));
}

function forgetImagesOfGone() {
  for (const user of ownImages.keys()) {
    const isGone = user instanceof CSSStyleSheet ? ownedSheets.has(user) && user.ownerNode === null : !user.isConnected;
    if (isGone) changeImages(user, () => {});
  }
}
