// Elements that move by themselves and cannot be made to follow the clock, and the caret, which stops blinking.
const movingElements = `${svgAnimations}, marquee, progress`;
const smilHandlers = ['onbegin', 'onend', 'onrepeat'];

function warnOfSmilEvents() {
  warnOnce('beginEvent, endEvent and repeatEvent of SVG animation elements are not sent: their timelines are set and do not run');
}

function learnMovingElement(element) {
  if (element instanceof SVGElement) {
    learnSvg(element.ownerSVGElement);
    if (smilHandlers.some((name) => element.hasAttribute(name))) warnOfSmilEvents();
  } else if (element.localName === 'marquee') {
    warnOnce('a <marquee> stands still: its movement is the browser\'s own, which cannot be set to a time');
  } else if (!element.hasAttribute('value')) {
    warnOnce('a <progress> without a value moves by itself, in real time');
  }
}

/// A focused text field's caret is shown in every frame; its blinking is not of the page's time.
const carets = new Map();  // element -> Animation
const caretStyle = CSS.supports('caret-animation', 'manual') ? {caretAnimation: 'manual'} : {caretColor: 'transparent'};

function holdCaret(event) {
  const element = event.composedPath()[0];
  const isEditable = element instanceof HTMLElement && (element.isContentEditable || element.matches('input, textarea'));
  if (isEditable && !carets.has(element)) carets.set(element, overlay(element, null, caretStyle));
}

function releaseCaret(event) {
  const element = event.composedPath()[0];
  if (carets.has(element)) removeOverlay(carets.get(element));
  carets.delete(element);
}
forEachDocument(() => {
  listen.call(globalThis, 'focusin', holdCaret, {capture: true});
  listen.call(globalThis, 'focusout', releaseCaret, {capture: true});
});

/// The browser moves the focus to such an element in a frame of its own, and scrolls to it.
function* waitForAutofocus() {
  if (document.querySelector('[autofocus]') === null) return;
  yield waitFor('an animation frame', nativeFrame());
  yield settleMicrotasks();
}
