// Images of CSS are found in two ways. At ready() they are taken from the computed styles of all elements, and one that does not
// load is an error. They are also taken from the rules of every style sheet, ahead of time, so that no later change of a class
// needs a look at the styles.
const imageProperties = ['background-image', 'mask-image', 'border-image-source', 'list-style-image', 'content'];
const learntSheets = new WeakSet();
const failedLinks = new WeakMap();  // <link> -> its URL that failed to load; with wrong integrity, it never gets a sheet

/// As noteFrameLoad.
function noteLinkError({target}) {
  if (target instanceof HTMLLinkElement) failedLinks.set(target, target.href);
}
const watchLinkErrors = (root) => Reflect.apply(listen, root, ['error', noteLinkError, {capture: true}]);
forEachDocument(() => watchLinkErrors(document));

function loadImagesInUse(element, pseudo) {
  const style = native.getComputedStyle(element, pseudo);
  if (pseudo !== undefined && (style.content === 'none' || style.content === 'normal')) return;
  for (const property of imageProperties) loadCssImages(style.getPropertyValue(property), document.baseURI, true, document);
}

function rulesOf(sheet) {
  try {
    return sheet.cssRules;
  } catch {
    return [];  // the rules of another origin's sheet may not be read; computed styles still tell
  }
}

// What the browser finds out only in frames of its own: which fallback position fits, what state a scroller has.
const byNativeFrames = /position-try|scroll-state\(|content-visibility:\s*auto/;
const hasRandom = /[\s:,(]random\(/;

function learnRuleText(text, sheet) {
  if (byNativeFrames.test(text)) needsFrames = true;
  if (/object-view-box/i.test(text)) isViewBoxInSheets = true;
  if (hasRandom.test(text)) warnOnce('random() in a style sheet: the browser throws its dice anew for each chunk of the film');
  loadCssImages(text, sheet.href ?? document.baseURI, false, sheet);
}

function learnRules(sheet) {
  for (const rule of rulesOf(sheet)) {
    if (rule instanceof CSSFontFaceRule) continue;
    if (rule instanceof CSSImportRule) learnSheet(rule.styleSheet);
    else learnRuleText(rule.cssText, sheet);
  }
}

function learnSheet(sheet) {
  if (!sheet || learntSheets.has(sheet)) return;
  learntSheets.add(sheet);
  blockRules(rulesOf(sheet));
  learnRules(sheet);
  noteContentRules(rulesOf(sheet));
}

function learnSheets(root) {
  for (const sheet of [...root.styleSheets, ...root.adoptedStyleSheets]) learnSheet(sheet);
}

function learnStyleElement(element) {
  if (element.localName === 'style') {
    learnSheet(element.sheet);
  } else if (element.relList.contains('stylesheet') && !element.disabled && element.href && element.sheet === null &&
             failedLinks.get(element) !== element.href) {
    noteWaitedFor(element.href);
    arrive(`style sheet ${shortUrl(element.href)}`, eventOnce(element, 'load', 'error').then(() => learnSheet(element.sheet)));
  } else {
    learnSheet(element.sheet);
  }
}

for (const name of ['insertRule', 'replace', 'replaceSync']) {
  const method = CSSStyleSheet.prototype[name];
  replaceMethod(CSSStyleSheet.prototype, name, function (text, ...rest) {
    const result = method.call(this, text, ...rest);
    const block = () => blockRules(rulesOf(this));
    if (/@font-face/i.test(text)) isPromise(result) ? result.then(block) : block();
    const isFontFace = /^\s*@font-face/i.test(text);
    const learn = () => isFontFace || learnRuleText(String(text), this);
    name === 'insertRule' ? learn() : changeImages(this, learn);
    return result;
  });
}
