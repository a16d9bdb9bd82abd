// Elements that move by themselves: SVG animation elements (svg_clock.js), those that cannot follow the clock, and the caret,
// whose blinking is stopped.
const movingElements = `${svgAnimations}, marquee, progress`;

/// Chromium sends beginEvent and endEvent when a timeline is set to a later time, but no repeatEvent.
function warnOfRepeatEvents() {
  warnOnce('repeatEvent of SVG animation elements is not sent, and what begins or ends with one ("a.repeat(2)") does not: their ' +
           'timelines are set and do not run');
}

const repeatTiming = /\.repeat(Event)?\b/;  // SMIL 3, "repeat-value"; an event of that name
const asksForRepeats = (element) => element.hasAttribute('onrepeat') ||
  repeatTiming.test(element.getAttribute('begin')) || repeatTiming.test(element.getAttribute('end'));

function learnMovingElement(element) {
  if (element instanceof SVGElement) {
    learnSvg(element.ownerSVGElement);
    if (asksForRepeats(element)) warnOfRepeatEvents();
  } else if (element.localName === 'marquee') {
    warnOnce('a <marquee> stands still: its movement is the browser\'s own, which cannot be set to a time');
  } else if (!element.hasAttribute('value')) {
    warnOnce('a <progress> without a value moves by itself, in real time');
  }
}

/// A focused text field's caret is shown in every frame, since it would blink in real time.
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

/// Waits for the native frame in which the browser focuses an element with `autofocus` and scrolls to it.
function* waitForAutofocus() {
  if (document.querySelector('[autofocus]') === null) return;
  yield waitFor('an animation frame', nativeFrame());
  yield settleMicrotasks();
}
