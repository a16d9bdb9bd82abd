// Animated images of style sheets. Any change of a class can change which elements show one, so before a capture all elements are
// looked at. Only pages with such an image in a style sheet or a style attribute pay for it.
const cssFilms = new Set();  // URLs
let cssOverlays = [];
const cssPictures = new Set();  // URLs of the pictures that the overlays show

async function learnCssFilm(url) {
  if (await learnFilm(url) !== null) cssFilms.add(url);
}

/// The name of a CSS property as keyframes have it, in camel case.
const scriptNameOf = (property) => property.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

/// The properties of a style that name an animated image, with that replaced by the picture that is due.
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
