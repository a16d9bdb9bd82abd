// Canvases with a display-p3 buffer (colours.js), and those whose buffer does not last. They are found when the page makes their
// context, or gives it that colour space.
const elementOfOffscreen = new WeakMap();  // OffscreenCanvas -> the element that shows it

function noteWideCanvas(canvas) {
  const element = canvas instanceof HTMLCanvasElement ? canvas : elementOfOffscreen.get(canvas);
  if (element) colouredElements.add(element);
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
      else mendColours(this.canvas, null), colouredElements.delete(this.canvas);
    },
  });
}
