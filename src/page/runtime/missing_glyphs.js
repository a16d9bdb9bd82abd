// Warns of text that is drawn as boxes because no font has its characters: once for each script (writing system), in the frame
// that first shows it.
const newText = new Set();       // text nodes that came or changed, until they are looked at
const drawnText = new Map();     // font -> Set of texts that the page drew on canvases
const contentRules = new Set();  // CSS rules whose `content` is more than plain text
const toldScripts = new Set();
const missingNow = [];           // descriptions of missing characters, for the next warning
let sawPlainText = false;        // one plain text was looked at, which stands for all of them
const checkVisibility = Element.prototype.checkVisibility;

function noteMissing(text, font) {
  for (const character of missingCharacters(text, font)) {
    const script = scriptOf(character);
    if (toldScripts.has(script)) continue;
    toldScripts.add(script);
    missingNow.push(`U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')} (${script})`);
  }
}

/// Tells all that is missing in one frame in one warning, because a page in many languages has many scripts.
function tellMissing() {
  const missing = missingNow.splice(0);
  if (missing.length === 0) return;
  warnOnce(`the page shows ${missing.join(', ')}, for which no font on the worker's machine has a glyph: drawn as boxes; ` +
           '`orchestrator doctor` says there which fonts are missing');
}

const fontOf = (style) => `${style.fontStyle} ${style.fontWeight} 20px ${style.fontFamily}`;
const isShown = (element) => checkVisibility.call(element, {visibilityProperty: true});

/// True if the node needs no other look. A node that is not shown yet needs one, since it may be shown later.
function lookAtText(node) {
  const element = node.parentElement ?? node.parentNode?.host;
  const isPlain = plainText.test(node.data);
  if (!node.isConnected || !element || (isPlain && sawPlainText)) return true;
  if (!isShown(element)) return false;
  sawPlainText ||= isPlain;
  noteMissing(node.data, fontOf(native.getComputedStyle(element)));
  return true;
}

/// Looks at the `content` of a rule on the first element of the document to which it applies. More elements would be needless: an
/// icon font has one rule for each of its characters.
function lookAtContent(rule) {
  for (const selector of rule.selectorText.split(',')) {
    const [, host, pseudo] = selector.trim().match(/^(.*?)::?(before|after)$/) ?? [];
    const element = pseudo === undefined ? undefined : [...document.querySelectorAll(host || '*')].find(isShown);
    if (!element) continue;
    const style = native.getComputedStyle(element, `::${pseudo}`);
    noteMissing(style.content.replace(/url\(.*?\)/g, ''), fontOf(style));
  }
}

function noteText(node) {
  if (sawPlainText && plainText.test(node.data)) return;
  const parentName = node.parentNode?.localName;
  if (parentName !== 'script' && parentName !== 'style' && node.data.trim() !== '') newText.add(node);
}

function noteTexts(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) noteText(walker.currentNode);
}

function noteTextRecords(records) {
  for (const {type, target, addedNodes} of records) {
    if (type === 'characterData') noteText(target);
    for (const node of addedNodes) {
      if (node.nodeType === Node.TEXT_NODE) noteText(node);
      else if (node.nodeType === Node.ELEMENT_NODE) noteTexts(node);
    }
  }
}

const textObserver = new native.MutationObserver(noteTextRecords);

function watchText(root) {
  textObserver.observe(root, {subtree: true, childList: true, characterData: true});
  noteTexts(root);
}

function noteContentRules(rules) {
  for (const rule of rules) {
    if (rule.selectorText && !plainText.test(rule.style.content)) contentRules.add(rule);
    if (rule.cssRules?.length > 0) noteContentRules(rule.cssRules);
  }
}

function noteDrawnText(text, canvasFont) {
  const font = canvasFont.replace(/[\d.]+px/, '20px');
  drawnText.set(font, (drawnText.get(font) ?? new Set()).add(text));
}

for (const {prototype} of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
  for (const name of ['fillText', 'strokeText']) {
    const original = prototype[name];
    replaceMethod(prototype, name, function (...values) {
      original.apply(this, values);
      if (!plainText.test(values[0])) noteDrawnText(String(values[0]), this.font);
    });
  }
}

/// Called in each captured frame; does nothing until the fonts are loaded.
function checkGlyphs() {
  noteTextRecords(textObserver.takeRecords());
  if (newText.size + drawnText.size + contentRules.size === 0 || document.fonts.status !== 'loaded') return;
  for (const node of newText) if (lookAtText(node)) newText.delete(node);
  for (const rule of contentRules) lookAtContent(rule);
  contentRules.clear();
  for (const [font, texts] of drawnText) for (const text of texts) noteMissing(text, font);
  drawnText.clear();
  tellMissing();
}
