// Colours that Chromium without GPU compositing shows wrong (docs/adr/0016). Each is wrong by a known formula, so a filter with
// the inverse formula on the element makes them right:
// - video in the BT.709 or BT.2020 matrix with limited (TV) range: libyuv multiplies Cb by 2.0 at most (UB in row_common.cc is a
//   signed byte of 64ths) instead of by 2.112 or 2.142, so pure blue becomes 243 of 255. In BT.601 only 0.017 are missing, 2 of
//   255;
// - a canvas with a display-p3 buffer is shown as if its numbers were sRGB.
const videoSize = Object.getOwnPropertyDescriptor(HTMLVideoElement.prototype, 'videoWidth').get;

/// The matrix that makes the right B of libyuv's B': B' = Y + 2 U, and B = Y + factor U, where Y = kr R + kg G + kb B.
function blueRow(kr, kb) {
  const lost = (1 - kb) * (255 / 224) - 1;  // missing from U's coefficient 2 (1 - kb) 255/224 (ITU-T H.273), halved
  const whole = 1 + lost * kb;
  return `1 0 0 0 0 0 1 0 0 0 ${-lost * kr / whole} ${-lost * (1 - kr - kb) / whole} ${(1 + lost) / whole} 0 0 0 0 0 1 0`;
}

function filterOf(space, matrix) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg"><filter id="f" color-interpolation-filters="${space}" x="0" y="0" ` +
              `width="1" height="1"><feColorMatrix values="${matrix}"/></filter></svg>`;
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}#f")`;
}

const colourFilters = {
  'bt709': filterOf('sRGB', blueRow(0.2126, 0.0722)),
  'bt2020-ncl': filterOf('sRGB', blueRow(0.2627, 0.0593)),
  // From the primaries of P3 to those of sRGB; both have the same white point and transfer curve (CSS Color 4, section 18).
  'display-p3': filterOf('linearRGB', '1.2249402 -0.2249402 0 0 0 -0.042057 1.042057 0 0 0 ' +
                                      '-0.0196376 -0.0786361 1.0982736 0 0 0 0 0 1 0'),
};

const colouredElements = new Set();   // videos, and canvases with a wide gamut
const videoColours = new WeakMap();   // video -> {source, width, kind}
const colourMends = new Map();        // element -> the result of makeMend()

function readVideoColours(video) {
  try {
    const frame = new VideoFrame(video);
    const {matrix, fullRange, primaries} = frame.colorSpace;
    frame.close();
    if (primaries === 'bt2020') {
      warnOnce(`the video ${shortUrl(video.currentSrc)} has the colours of BT.2020, as HDR has: they are shown too pale, because ` +
               'software rendering does not convert them; give it BT.709 colours');
    }
    return fullRange || !(matrix in colourFilters) ? null : matrix;
  } catch {
    warnOnce(`the colours of the video ${shortUrl(video.currentSrc)} cannot be asked for, because it is from another origin: ` +
             'its blue may be up to 12 of 255 too weak; let its server allow it (CORS) and give it the attribute crossorigin');
    return null;
  }
}

/// The filter that a video's colours need; null if they are right, or there is nothing to see.
function videoColoursOf(video) {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
  const source = video.currentSrc;
  const width = videoSize.call(video);
  if (width === 0) return null;
  const known = videoColours.get(video);
  if (known?.source === source && known.width === width) return known.kind;
  const kind = readVideoColours(video);
  videoColours.set(video, {source, width, kind});
  return kind;
}

const showsPoster = (video) => video.poster !== '' && stateOf(video).shown === null;

function wrongColoursOf(element) {
  if (!element.isConnected) return null;
  if (!(element instanceof HTMLVideoElement)) return 'display-p3';
  return showsPoster(element) ? null : videoColoursOf(element);
}

const setKeyframes = KeyframeEffect.prototype.setKeyframes;
const setTarget = Object.getOwnPropertyDescriptor(KeyframeEffect.prototype, 'target').set;

/// Makes an animation that will carry the filter. Without a timeline it stands still. Unlike a style attribute, it starts no
/// transitions and is seen by no style rule of the page.
function makeMend(kind) {
  const effect = new KeyframeEffect(null, null, {duration: 1, fill: 'both'});
  const animation = new Animation(effect, null);
  currentTime.set.call(animation, 0.5);
  overlays.add(animation);
  return {kind, effect, animation, value: ''};
}

/// Lays our filter on an element, in front of the filters that the page has set at this moment.
function layFilter(element, mend) {
  setTarget.call(mend.effect, null);
  const filter = colourFilters[mend.kind];
  const ofPage = native.getComputedStyle(element).filter.split(filter).join('').trim();  // a library may have set what it read
  const value = ofPage === '' || ofPage === 'none' ? filter : `${filter} ${ofPage}`;
  if (value !== mend.value) setKeyframes.call(mend.effect, {filter: [value, value]});
  mend.value = value;
  setTarget.call(mend.effect, element);
}

function mendColours(element, kind) {
  let mend = colourMends.get(element);
  if (mend !== undefined && mend.kind !== kind) {
    removeOverlay(mend.animation);
    colourMends.delete(element);
    mend = undefined;
  }
  if (kind === null) return;
  if (mend === undefined) colourMends.set(element, mend = makeMend(kind));
  layFilter(element, mend);
  if (native.getComputedStyle(element).filter.startsWith(colourFilters[kind])) return;
  removeOverlay(mend.animation);  // an animation that the page has made since overrides ours, but not one made now
  colourMends.set(element, mend = makeMend(kind));
  layFilter(element, mend);
}

/// Called in every captured frame, since the elements and what lies over them may have changed.
function checkColours() {
  for (const element of colouredElements) {
    const kind = wrongColoursOf(element);
    const mayMend = kind === null || keepsOrder(element);
    if (!mayMend) tellUnmended(element);
    mendColours(element, mayMend ? kind : null);
  }
}

function tellUnmended(element) {
  const name = element.localName === 'video' ? `video ${shortUrl(element.currentSrc)}` : 'canvas in display-p3';
  warnOnce(`the colours of a ${name} are not exact, because setting them right would draw it over what lies on it: ` +
           'give it position: relative, and what lies on it a z-index');
}

document.addEventListener('securitypolicyviolation', ({blockedURI, isTrusted}) => {
  if (!isTrusted || blockedURI !== 'data' || colourMends.size === 0) return;
  warnOnce("the page's content security policy keeps the colours of its videos and display-p3 canvases from being set right: " +
           'allow data: in img-src, or they are up to 12 of 255 off');
}, true);
