// SVG's own animation elements (SMIL): each outermost <svg> has a timeline of its own, stopped and set to the frame's time.
const svgTimelines = new Map();  // SVGSVGElement -> clock time at which it began

function learnSvg(svg) {
  if (svg.ownerSVGElement !== null || svgTimelines.has(svg)) return;
  if (svg.querySelector('animate, animateTransform, animateMotion, set') === null) return;
  svgTimelines.set(svg, clock.frameMs);
  svg.pauseAnimations();
}

function advanceSvg() {
  for (const [svg, beganMs] of svgTimelines) svg.setCurrentTime((clock.frameMs - beganMs) / 1000);
}
