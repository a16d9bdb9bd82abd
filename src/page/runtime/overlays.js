// Styles that the runtime lays on elements of the page. They are animations that stand still: unlike an attribute, a class or a
// style sheet, these leave no trace in the document, start no transitions, and can be hidden from getAnimations().
const overlays = new Set();
const {pause: pauseAnimation} = Animation.prototype;

function overlay(element, pseudoElement, style) {
  const frames = Object.fromEntries(Object.entries(style).map(([name, value]) => [name, [value, value]]));
  const animation = new Animation(new KeyframeEffect(element, frames, {duration: 1, fill: 'both', pseudoElement}));
  overlays.add(animation);
  pauseAnimation.call(animation);
  currentTime.set.call(animation, 0);
  return animation;
}

function removeOverlay(animation) {
  overlays.delete(animation);
  cancelAnimation.call(animation);
}

for (const {prototype} of [Document, ShadowRoot, Element]) {
  const {getAnimations} = prototype;
  replaceMethod(prototype, 'getAnimations', function (...values) {
    const animations = Reflect.apply(getAnimations, this, values);
    return overlays.size === 0 ? animations : animations.filter((animation) => !overlays.has(animation));
  });
}
