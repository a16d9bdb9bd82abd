// An SVG file that is used as an image has a document and a timeline of its own, which no script reaches and which runs in real
// time. If it has animations, a copy without them is shown: CSS animations are paused at their beginning, SMIL elements are
// renamed to unknown ones.
const smilTag = /<(\/?)((?:[\w-]+:)?(?:animate|animateTransform|animateMotion|set))(?=[\s/>])/g;
const pausingRule = '<$1style>*{animation-play-state:paused!important}</$1style>$&';

/// A film (animated_images.js) of one picture, or null for a file in which nothing moves.
async function stillSvg(url) {
  const text = await (await fetchNatively(url)).text();
  if (text.search(smilTag) < 0 && !/animation(-name)?\s*:/.test(text)) return null;
  warnOnce(`image ${shortUrl(url)} is an SVG file with animations of its own, which stand still`);
  const still = text.replace(smilTag, '<$1$2-still').replace(/<\/([\w-]+:)?svg>\s*$/, pausingRule);
  return {url, still: new Blob([still], {type: 'image/svg+xml'}), ends: [Infinity], plays: 1, startMs: 0, pictures: new Map()};
}
