// Animated GIF, APNG, WebP and AVIF: a "film" here is such an image, decoded. The browser is told to show only the first picture
// (image-animation); an image whose file cannot be read stays like that. Others are decoded (WebCodecs, ImageDecoder), and in
// each captured frame the picture of its time is laid over the element (overlays.js). Their time 0 is the frame in which they
// came in.
const films = new Map();         // URL -> promise of the film, or of null
const filmsThere = new Map();    // URL -> film, for those that are decoded
const filmElements = new Map();  // <img> or <input type=image> -> {shown: URL of a picture, laid: Animation}
const {ImageDecoder} = globalThis;
const resourceEntries = performance.getEntriesByName.bind(performance);
const objectUrl = URL.createObjectURL.bind(URL);
const animatedTypes = /^image\/(gif|png|apng|webp|avif)\b/;
const animatedNames = /\.(gif|apng)$/i;

let imagesStandStill;
forEachDocument(() => { imagesStandStill = false; });

function stopAnimatedImages() {
  if (!imagesStandStill && document.documentElement) overlay(document.documentElement, null, {imageAnimation: 'stopped'});
  imagesStandStill = true;
}

/// The MIME type of an image, not guessed from its name: what the server said, if the browser tells it, or what a data: URL says.
const typeOfImage = (url) => (url.startsWith('data:') ? url.slice(5, 30) : resourceEntries(url).at(-1)?.contentType ?? '');

/// A picture with a duration of 10 ms or less is shown for 100 ms, as in the browser (Blink, BitmapImage).
const shownFor = (durationMs) => (durationMs > 10 ? durationMs : 100);

async function decodeFilm(url, {bytes, type}) {
  const decoder = new ImageDecoder({data: bytes, type, preferAnimation: true});
  await native.Promise.all([decoder.tracks.ready, decoder.completed]);
  const {frameCount, repetitionCount} = decoder.tracks.selectedTrack;
  if (frameCount < 2) return null;
  const ends = [];
  for (let frameIndex = 0; frameIndex < frameCount; frameIndex += 1) {
    const {image} = await decoder.decode({frameIndex});
    ends.push((ends.at(-1) ?? 0) + shownFor(image.duration / 1000));
    image.close();
  }
  // With renderFrame, frames may come in any order, so there the image begins at 0.
  const startMs = stepsEvents() ? clock.frameMs : 0;
  return {url, decoder, ends, plays: repetitionCount + 1, startMs, pictures: new Map()};
}

async function makeFilm(url) {
  const type = typeOfImage(url);
  if (type.startsWith('image/svg+xml')) return stillSvg(url).catch(() => null);
  if (type !== '' && !animatedTypes.test(type)) return null;
  const told = `image ${shortUrl(url)}`;
  const read = await readAnimatedImage(url).catch(() => undefined);
  if (read !== null) stopAnimatedImages();
  if (read === undefined && animatedNames.test(url.replace(/[?#].*$/s, ''))) {
    warnOnce(`${told} is another origin's, which does not let it be read: if it is animated, only its first picture is shown`);
  }
  if (!read) return null;
  if (ImageDecoder === undefined) {
    warnOnce(`${told} is animated, and only its first picture is shown: pages of ${location.origin} have no ImageDecoder`);
    return null;
  }
  return decodeFilm(url, read).catch((error) => {
    warnOnce(`${told} is animated, and only its first picture is shown: ${messageOf(error)}`);
    return null;
  });
}

const filmKey = (url) => absoluteUrl(url).replace(/#.*$/s, '');

/// The film of an image that has loaded, or null for one that stands still.
function learnFilm(url) {
  const key = filmKey(url);
  if (!films.has(key)) {
    films.set(key, makeFilm(key).then((film) => {
      if (film !== null) filmsThere.set(key, film);
      else if (/^(data|blob):/.test(key)) films.delete(key);  // a page may make one for each frame, and it is quickly read again
      return film;
    }));
  }
  return films.get(key);
}

async function learnFilmOf(image, url) {
  if (await learnFilm(url) === null) return;
  if (image instanceof SVGImageElement) {
    warnOnce(`image ${shortUrl(absoluteUrl(url))} is animated, and in an SVG <image> it runs in real time`);
  } else if (!filmElements.has(image)) {
    filmElements.set(image, {shown: '', laid: null});
  }
}

/// Warns of an animated image in an element whose picture no style can replace, so that it stands still.
async function tellStillPicture(element, url) {
  if (url === '' || await learnFilm(url).catch(() => null) === null || filmOf(url)?.still) return;
  warnOnce(`image ${shortUrl(absoluteUrl(url))} is animated, and in ${element} it stands still`);
}

function indexNow({ends, plays, startMs}) {
  const elapsedMs = clock.frameMs - startMs + 0.001;  // 3 frames of 33.333... ms are 100 ms
  const totalMs = ends.at(-1);
  if (elapsedMs >= totalMs * plays) return ends.length - 1;
  return ends.findIndex((endMs) => elapsedMs % totalMs < endMs);
}

async function encodePicture(decoder, frameIndex) {
  const {image} = await decoder.decode({frameIndex});
  const {displayWidth: width, displayHeight: height} = image;
  const context = new native.OffscreenCanvas(width, height).getContext('2d', {willReadFrequently: true});
  context.drawImage(image, 0, 0);
  image.close();
  return plainPng(Reflect.apply(native.getImageData, context, [0, 0, width, height]));
}

async function makePicture({decoder, still}, index) {
  const image = new native.Image();
  const file = still ?? await encodePicture(decoder, index);
  source.set.call(image, objectUrl(file));
  await native.decodeImage.call(image);
  return {url: image.src, width: still ? null : image.naturalWidth, size: file.size, image};  // `image` keeps it in memory
}

/// Makes the picture of a film at the clock's time. Undefined if it is there already, else a promise.
function makePictureNow(film) {
  const index = indexNow(film);
  if (film.pictures.has(index)) return undefined;
  const made = makePicture(film, index).catch((error) => {
    warnOnce(`image ${shortUrl(film.url)} is animated, and stands still: ${messageOf(error)}`);
    return null;
  });
  return waitFor(`a picture of ${shortUrl(film.url)}`, made.then((picture) => keepPicture(film, index, picture)));
}

function* makePicturesNow(films) {
  const made = [...new Set(films)].map(makePictureNow).filter((promise) => promise !== undefined);
  if (made.length > 0) yield native.Promise.all(made);
}

/// The picture of a film at the clock's time; null if it could not be made, for example because the page's content security
/// policy forbids it.
function* pictureNow(film) {
  yield* makePicturesNow([film]);
  return film.pictures.get(indexNow(film));
}

const filmOf = (url) => filmsThere.get(filmKey(url));

function takeAway(image) {
  const {laid} = filmElements.get(image);
  if (laid !== null) removeOverlay(laid);
  filmElements.delete(image);
}

/// The CSS `content` that shows a picture in the image's size: an image of `srcset` may have more pixels than CSS pixels.
function contentOf({url, width}, image) {
  const density = width === null ? 1 : width / (image.naturalWidth || width);
  return density === 1 ? `url("${url}")` : `image-set(url("${url}") ${density}x)`;
}

const filmOfElement = (image) => (image.isConnected ? filmOf(urlOf(image)) : undefined);

function* showFilmsOfElements() {
  yield* makePicturesNow([...filmElements.keys()].map(filmOfElement).filter((film) => film !== undefined));
  for (const [image, state] of filmElements) {
    const film = filmOfElement(image);
    if (film === undefined) {
      takeAway(image);
      continue;
    }
    const picture = yield* pictureNow(film);
    if (picture === null || picture.url === state.shown) continue;
    if (state.laid !== null) removeOverlay(state.laid);
    Object.assign(state, {shown: picture.url, laid: overlay(image, null, {content: contentOf(picture, image)})});
  }
}

/// Called only before a capture, since nobody sees frames that are only stepped through.
function* showFilms() {
  if (filmElements.size > 0) yield* showFilmsOfElements();
  if (cssFilms.size > 0) yield* showCssFilms();
  if (keptSize > mostKept) dropPictures(new Set([...cssPictures, ...[...filmElements.values()].map(({shown}) => shown)]));
}
