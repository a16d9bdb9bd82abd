// Fonts. The browser loads a face when layout first needs it, so layout comes first, then the wait.
const forceLayout = () => {
  if (document.documentElement !== null) native.getBoundingClientRect.call(document.documentElement);
};
const fontName = (face) => `font ${face.family.replace(/^"|"$/g, '')} ${face.weight}`;
const fontSources = new WeakMap();  // FontFace made by script -> its source

globalThis.FontFace = new Proxy(globalThis.FontFace, {
  construct(target, values, newTarget) {
    const face = Reflect.construct(target, values, newTarget);
    fontSources.set(face, typeof values[1] === 'string' ? values[1] : 'binary data');
    return face;
  },
});

const loadingFonts = () => [...document.fonts].filter((face) => face.status === 'loading').map(fontName).join(', ');

/// A FontFace of the style sheet does not tell its source; its rule does.
function sourceOf(face) {
  const rules = [...document.styleSheets].flatMap((sheet) => [...rulesOf(sheet)]);
  const unquoted = (family) => family.replace(/^["']|["']$/g, '');
  const rule = rules.find((candidate) =>
    candidate instanceof CSSFontFaceRule &&
    unquoted(candidate.style.getPropertyValue('font-family')) === unquoted(face.family) &&
    (candidate.style.getPropertyValue('font-weight') || 'normal') === face.weight);
  return fontSources.get(face) ?? rule?.style.getPropertyValue('src') ?? 'unknown source';
}

function* waitForFonts() {
  if (document.fonts.size === 0) return;
  forceLayout();
  if (document.fonts.status === 'loaded') return;
  while (document.fonts.status === 'loading') {
    yield waitFor(loadingFonts, document.fonts.ready);
    forceLayout();
  }
  checkFonts();
}

function checkFonts() {
  const broken = [...document.fonts].find((face) => face.status === 'error');
  if (broken) throw new Error(`${fontName(broken)} failed to load from ${shortUrl(sourceOf(broken))}`);
}
