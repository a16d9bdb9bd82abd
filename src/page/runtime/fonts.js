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
    blockUntilLoaded(face);
    return face;
  },
});

// `font-display` gives a font up, or for a while, by real time: 100 ms after its load began with `optional`, so that a chunk shows it
// if the font was quick or in the cache (CSS Fonts 4, "font display timeline"). Here each font that is used is waited for, which
// is what `block` does; a rule that says so is obeyed even after the font was given up.
const givesUp = (display) => display === 'optional' || display === 'fallback' || display === 'swap';
let blockedFonts = 0;  // how many faces there were when they were last looked at

function blockUntilLoaded(face) {
  if (givesUp(face.display)) face.display = 'block';
}

function blockRules(rules) {
  for (const rule of rules) {
    if (rule.cssRules) blockRules(rule.cssRules);
    if (!(rule instanceof CSSFontFaceRule)) continue;
    if (givesUp(rule.style.getPropertyValue('font-display'))) rule.style.setProperty('font-display', 'block');
  }
}

/// What is left are faces of sheets that another origin keeps to itself.
function blockOtherFaces() {
  if (document.fonts.size === blockedFonts) return;
  blockedFonts = document.fonts.size;
  for (const face of document.fonts) {
    if (!givesUp(face.display)) continue;
    const isEarly = face.status === 'unloaded';
    if (!isEarly) {
      warnOnce(`${fontName(face)} has font-display: ${face.display} in a style sheet of another origin that may not be read: whether it is ` +
               'shown depends on how fast it came; allow the sheet to be read (crossorigin), or leave font-display out');
    }
    blockUntilLoaded(face);
  }
}

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
  blockOtherFaces();
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
