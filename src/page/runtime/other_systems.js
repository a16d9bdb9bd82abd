// Pages that only another system's renderer can drive. By themselves they show something else than their film, so they are
// refused. A contract that drives such pages takes the place of its entry here.
const otherSystems = [
  {
    name: 'a Remotion bundle whose index.html and script are not those of siteVersion 11',
    what: "by itself it shows Remotion's own user interface",
    // The bundle's script defines the function in all versions from 1 to 4, its index.html the two texts since 4, for the Studio,
    // too. A page of one's own around Remotion's <Player> has none of them.
    isThere: () => !isRemotionBundle() && (typeof window.getStaticCompositions === 'function' ||
      [window.siteVersion, window.remotion_version].every((version) => typeof version === 'string')),
  },
  {
    name: 'a HyperFrames project',
    what: 'by itself its timelines stand still, and all its clips are there at all times',
    isThere: () => [...document.querySelectorAll(':is(body, body *)[data-composition-id]')].some(isHyperFramesRoot),
  },
];

/// A root must have an id and a size, and something in it that waits for HyperFrames to move it: a clip, a length or a timeline.
function isHyperFramesRoot(element) {
  const hasSize = ['data-width', 'data-height'].every((name) => Number(element.getAttribute(name)) > 0);
  const isTimed = element.matches('[data-start], [data-duration]') || element.querySelector('[data-start]') !== null;
  return hasSize && (isTimed || Boolean(window.__timelines));
}

/// What the page is and why it is refused, or ''. A frame inside it may show what it likes.
function describeOtherSystem() {
  if (parent !== null || typeof defined('renderFrame') === 'function') return '';
  for (const {name, what, isThere} of otherSystems) {
    if (!isThere()) continue;
    return `this is ${name}, which this version cannot render yet (${what}): define window.renderFrame in it, or give a page of ` +
           'your own';
  }
  return '';
}

contracts.push({
  name: 'of another system',
  applies() {
    const refusal = describeOtherSystem();
    if (refusal) throw new Error(refusal);
    return false;
  },
});
