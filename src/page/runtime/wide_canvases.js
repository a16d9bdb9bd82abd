// Canvases with a display-p3 buffer, and those whose buffer does not last. They are found when the page makes their context, or gives
// it that colour space. Without GPU compositing, Chromium shows the numbers of a display-p3 buffer as if they were sRGB's, so a filter
// on the element converts them (docs/adr/0016).
const elementOfOffscreen = new WeakMap();  // OffscreenCanvas -> the element that shows it
const wideCanvases = new Map();            // canvas -> the result of makeMend(); null: none yet

function noteWideCanvas(canvas) {
  const element = canvas instanceof HTMLCanvasElement ? canvas : elementOfOffscreen.get(canvas);
  if (element && !wideCanvases.has(element)) wideCanvases.set(element, null);
}

// Once the browser has shown it, a drawing buffer without `preserveDrawingBuffer` is empty (WebGL 1.0, 2.2), and so is the texture of
// a WebGPU canvas. So with one of them a step that nobody captures needs a native frame, too.
let losesBuffers = false;

for (const {prototype} of [HTMLCanvasElement, OffscreenCanvas]) {
  const getContext = prototype.getContext;
  replaceMethod(prototype, 'getContext', function (...values) {
    const context = getContext.apply(this, values);
    const attributes = context?.getContextAttributes?.();
    if (attributes?.colorSpace === 'display-p3') noteWideCanvas(this);
    if (attributes?.preserveDrawingBuffer === false || (context !== null && values[0] === 'webgpu')) losesBuffers = true;
    return context;
  });
}

const transferControlToOffscreen = HTMLCanvasElement.prototype.transferControlToOffscreen;
replaceMethod(HTMLCanvasElement.prototype, 'transferControlToOffscreen', function () {
  const offscreen = transferControlToOffscreen.call(this);
  elementOfOffscreen.set(offscreen, this);
  return offscreen;
});

for (const {prototype} of [WebGLRenderingContext, WebGL2RenderingContext]) {
  const colorSpace = replaceAccessor(prototype, 'drawingBufferColorSpace', {
    set(value) {
      colorSpace.set.call(this, value);
      if (colorSpace.get.call(this) === 'display-p3') noteWideCanvas(this.canvas);
      else forgetMend(this.canvas), wideCanvases.delete(this.canvas);
    },
  });
}

// From the primaries of P3 to those of sRGB; both have the same white point and transfer curve (CSS Color 4, section 18).
const fromP3 = '1.2249402 -0.2249402 0 0 0 -0.042057 1.042057 0 0 0 -0.0196376 -0.0786361 1.0982736 0 0 0 0 0 1 0';
const filterFromP3 = `url("data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg"><filter id="f" color-interpolation-filters="linearRGB" x="0" y="0" width="1" ' +
  `height="1"><feColorMatrix values="${fromP3}"/></filter></svg>`)}#f")`;

const setKeyframes = KeyframeEffect.prototype.setKeyframes;
const setTarget = Object.getOwnPropertyDescriptor(KeyframeEffect.prototype, 'target').set;

/// Makes an animation that will carry the filter. Without a timeline it stands still. Unlike a style attribute, it starts no
/// transitions and is seen by no style rule of the page.
function makeMend() {
  const effect = new KeyframeEffect(null, null, {duration: 1, fill: 'both'});
  const animation = new Animation(effect, null);
  currentTime.set.call(animation, 0.5);
  overlays.add(animation);
  return {effect, animation, value: ''};
}

function forgetMend(canvas) {
  const mend = wideCanvases.get(canvas);
  if (!mend) return;
  removeOverlay(mend.animation);
  wideCanvases.set(canvas, null);
}

/// Lays our filter on a canvas, in front of the filters that the page has set at this moment.
function layFilter(canvas, mend) {
  setTarget.call(mend.effect, null);
  const ofPage = native.getComputedStyle(canvas).filter.split(filterFromP3).join('').trim();  // a library may have set what it read
  const value = ofPage === '' || ofPage === 'none' ? filterFromP3 : `${filterFromP3} ${ofPage}`;
  if (value !== mend.value) setKeyframes.call(mend.effect, {filter: [value, value]});
  mend.value = value;
  setTarget.call(mend.effect, canvas);
}

function mendColours(canvas) {
  let mend = wideCanvases.get(canvas) ?? makeMend();
  layFilter(canvas, mend);
  if (!native.getComputedStyle(canvas).filter.startsWith(filterFromP3)) {
    removeOverlay(mend.animation);  // an animation that the page has made since overrides ours, but not one made now
    layFilter(canvas, mend = makeMend());
  }
  wideCanvases.set(canvas, mend);
}

/// Called in every captured frame, since the canvases and what lies over them may have changed.
function mendWideCanvases() {
  for (const canvas of wideCanvases.keys()) {
    if (!canvas.isConnected) {
      forgetMend(canvas);
    } else if (keepsOrderAsLayer(canvas)) {
      mendColours(canvas);
    } else {
      forgetMend(canvas);
      warnOnce('the colours of a canvas in display-p3 are not exact, because setting them right would draw it over what lies on it: ' +
               'give it position: relative, and what lies on it a z-index');
    }
  }
}

document.addEventListener('securitypolicyviolation', ({blockedURI, isTrusted}) => {
  if (!isTrusted || blockedURI !== 'data' || [...wideCanvases.values()].every((mend) => mend === null)) return;
  warnOnce("the page's content security policy keeps the colours of its display-p3 canvases from being set right: allow data: in " +
           'img-src, or they are up to 55 of 255 off');
}, true);
