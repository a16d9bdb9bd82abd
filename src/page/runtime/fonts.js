// Fonts. The browser loads a font face when layout first needs it, so layout is forced before the wait.
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

// With `font-display` the browser shows another font, for a while or for good, by real time. With `optional` it does so if the
// font is not there 100 ms after its load began, so that a quick or cached font would be seen in some chunks only (CSS Fonts 4,
// "font display timeline"). Here each font that is used is waited for, which is what `block` means. Setting it works even after
// the browser has given up a font.
const givesUp = (display) => display === 'optional' || display === 'fallback' || display === 'swap';
let blockedFonts = 0;  // the number of faces at the last look

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

/// Does the same for the remaining faces: those of another origin's style sheets, whose rules may not be read.
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

/// The source of a face, for messages. A FontFace that a style sheet made does not tell its source, but the rule does.
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
