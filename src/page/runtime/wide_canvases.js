// Canvases with a display-p3 buffer (colours.js). They are found when the page makes their context, or gives it that colour
// space.
const elementOfOffscreen = new WeakMap();  // OffscreenCanvas -> the element that shows it

function noteWideCanvas(canvas) {
  const element = canvas instanceof HTMLCanvasElement ? canvas : elementOfOffscreen.get(canvas);
  if (element) colouredElements.add(element);
}

for (const {prototype} of [HTMLCanvasElement, OffscreenCanvas]) {
  const getContext = prototype.getContext;
  replaceMethod(prototype, 'getContext', function (...values) {
    const context = getContext.apply(this, values);
    if (context?.getContextAttributes?.()?.colorSpace === 'display-p3') noteWideCanvas(this);
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
      else mendColours(this.canvas, null), colouredElements.delete(this.canvas);
    },
  });
}
