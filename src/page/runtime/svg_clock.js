// SVG's own animation elements (SMIL): each outermost <svg> has a timeline of its own, which is stopped and set to the frame's
// time.
const svgTimelines = new Map();  // SVGSVGElement -> {beganMs: the clock's time at its 0, heldMs: its time while paused, or null}
const svgAnimations = 'animate, animateTransform, animateMotion, set';
const {SVGSVGElement} = globalThis;
const {pauseAnimations, setCurrentTime} = SVGSVGElement.prototype;

function learnSvg(svg) {
  if (svg === null) return;
  if (svg.ownerSVGElement !== null) return learnSvg(svg.ownerSVGElement);
  if (svgTimelines.has(svg) || svg.querySelector(svgAnimations) === null) return;
  svgTimelines.set(svg, {beganMs: clock.frameMs, heldMs: null});
  pauseAnimations.call(svg);
}

function advanceSvg() {
  for (const [svg, {beganMs, heldMs}] of svgTimelines) setCurrentTime.call(svg, (heldMs ?? clock.frameMs - beganMs) / 1000);
}

/// Also waits for beginEvent and endEvent, which come in tasks of their own (Blink, SVGSMILElement::ScheduleEvent): they belong
/// to this frame.
function* advanceSvgAndTell() {
  if (svgTimelines.size === 0) return;
  advanceSvg();
  yield settleMicrotasks();
}

/// The record of an <svg>'s timeline; undefined if it has no animations.
function timelineOf(svg) {
  learnSvg(svg);
  return svgTimelines.get(svg);
}

function onTimeline(name, act) {
  const method = SVGSVGElement.prototype[name];
  replaceMethod(SVGSVGElement.prototype, name, function (...values) {
    const timeline = timelineOf(this);
    return timeline === undefined ? Reflect.apply(method, this, values) : act.call(this, timeline, ...values);
  });
}

onTimeline('pauseAnimations', (timeline) => {
  timeline.heldMs ??= clock.frameMs - timeline.beganMs;
});
onTimeline('unpauseAnimations', (timeline) => {
  if (timeline.heldMs !== null) timeline.beganMs = clock.frameMs - timeline.heldMs;
  timeline.heldMs = null;
});
onTimeline('animationsPaused', (timeline) => timeline.heldMs !== null);
onTimeline('setCurrentTime', function (timeline, seconds) {
  timeline.beganMs = clock.frameMs - seconds * 1000;
  if (timeline.heldMs !== null) timeline.heldMs = seconds * 1000;
  setCurrentTime.call(this, seconds);
});
