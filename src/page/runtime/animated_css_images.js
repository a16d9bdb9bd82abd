// Animated images of style sheets. Which elements show one can change with any class, so before a capture all are looked at:
// only pages pay for it that have such an image in a sheet or a style attribute.
const cssFilms = new Set();  // URLs
let cssOverlays = [];
const cssPictures = new Set();  // URLs of those that they show

async function learnCssFilm(url) {
  if (await learnFilm(url) !== null) cssFilms.add(url);
}

/// Of a property, as keyframes have it.
const scriptNameOf = (property) => property.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

/// The properties of an element that name an animated image, with the picture that is due in its place.
function* picturesOf(style) {
  const changed = {};
  for (const property of imageProperties) {
    const value = style.getPropertyValue(property);
    if (!value.includes('url(')) continue;
    let text = value;
    for (const url of urlsIn(value, document.baseURI)) {
      const film = filmOf(url);
      const picture = film === undefined ? null : yield* pictureNow(film);
      if (picture === null) continue;
      cssPictures.add(picture.url);
      text = text.replaceAll(`"${url}"`, `"${picture.url}"`);
    }
    if (text !== value) changed[scriptNameOf(property)] = text;
  }
  return changed;
}

function* showCssFilms() {
  cssOverlays.forEach(removeOverlay);
  cssOverlays = [];
  cssPictures.clear();
  const found = [];
  for (const root of [document, ...shadowRoots]) {
    for (const element of root.querySelectorAll('*')) {
      for (const pseudo of [null, '::before', '::after']) {
        const style = yield* picturesOf(native.getComputedStyle(element, pseudo));
        if (Object.keys(style).length > 0) found.push([element, pseudo, style]);
      }
    }
  }
  cssOverlays = found.map((those) => overlay(...those));
}
