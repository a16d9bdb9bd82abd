// Videos drawn on canvases: their colours are converted by libyuv, too (colours.js). WebGL converts a video's planes to RGB
// exactly, so such a video is first drawn on a WebGL canvas, and that on the page's.
const webgl = {};
for (const name of ['createTexture', 'bindTexture', 'texParameteri', 'createProgram', 'createShader', 'shaderSource', 'linkProgram',
                    'compileShader', 'attachShader', 'useProgram', 'createBuffer', 'bindBuffer', 'bufferData', 'drawArrays',
                    'enableVertexAttribArray', 'vertexAttribPointer', 'bindAttribLocation', 'texImage2D', 'viewport']) {
  webgl[name] = WebGLRenderingContext.prototype[name];
}
const setWidth = Object.getOwnPropertyDescriptor(OffscreenCanvas.prototype, 'width').set;
const setHeight = Object.getOwnPropertyDescriptor(OffscreenCanvas.prototype, 'height').set;
const getOffscreenContext = OffscreenCanvas.prototype.getContext;

const vertexShader = `attribute vec2 corner; varying vec2 place;
  void main() { place = vec2(corner.x, 1.0 - corner.y); gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0); }`;
const fragmentShader = `precision highp float; varying vec2 place; uniform sampler2D video;
  void main() { gl_FragColor = vec4(texture2D(video, place).rgb, 1.0); }`;
let videoConverter = null;  // {canvas, gl}

function makeConverter() {
  const canvas = new OffscreenCanvas(1, 1);
  const context = getOffscreenContext.call(canvas, 'webgl', {alpha: false, antialias: false, depth: false});
  const gl = (name, ...values) => webgl[name].apply(context, values);
  const {TEXTURE_2D, NEAREST, CLAMP_TO_EDGE, ARRAY_BUFFER, FLOAT} = WebGLRenderingContext;
  gl('bindTexture', TEXTURE_2D, gl('createTexture'));
  gl('texParameteri', TEXTURE_2D, WebGLRenderingContext.TEXTURE_MIN_FILTER, NEAREST);
  gl('texParameteri', TEXTURE_2D, WebGLRenderingContext.TEXTURE_MAG_FILTER, NEAREST);
  gl('texParameteri', TEXTURE_2D, WebGLRenderingContext.TEXTURE_WRAP_S, CLAMP_TO_EDGE);
  gl('texParameteri', TEXTURE_2D, WebGLRenderingContext.TEXTURE_WRAP_T, CLAMP_TO_EDGE);
  const program = gl('createProgram');
  for (const [type, text] of [['VERTEX_SHADER', vertexShader], ['FRAGMENT_SHADER', fragmentShader]]) {
    const shader = gl('createShader', WebGLRenderingContext[type]);
    gl('shaderSource', shader, text);
    gl('compileShader', shader);
    gl('attachShader', program, shader);
  }
  gl('bindAttribLocation', program, 0, 'corner');
  gl('linkProgram', program);
  gl('useProgram', program);
  gl('bindBuffer', ARRAY_BUFFER, gl('createBuffer'));
  gl('bufferData', ARRAY_BUFFER, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), WebGLRenderingContext.STATIC_DRAW);
  gl('enableVertexAttribArray', 0);
  gl('vertexAttribPointer', 0, 2, FLOAT, false, 0, 0);
  return {canvas, gl};
}

/// The image to draw instead of `source`, of the same size.
function exactSource(source) {
  if (!(source instanceof HTMLVideoElement) || videoColoursOf(source) === null) return source;
  videoConverter ??= makeConverter();
  const {canvas, gl} = videoConverter;
  const {videoWidth, videoHeight} = source;
  if (canvas.width !== videoWidth) setWidth.call(canvas, videoWidth);
  if (canvas.height !== videoHeight) setHeight.call(canvas, videoHeight);
  gl('viewport', 0, 0, videoWidth, videoHeight);
  const {TEXTURE_2D, RGBA, UNSIGNED_BYTE, TRIANGLE_STRIP} = WebGLRenderingContext;
  gl('texImage2D', TEXTURE_2D, 0, RGBA, RGBA, UNSIGNED_BYTE, source);
  gl('drawArrays', TRIANGLE_STRIP, 0, 4);
  return canvas;
}

for (const {prototype} of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
  for (const name of ['drawImage', 'createPattern']) {
    const original = prototype[name];
    replaceMethod(prototype, name, function (source, ...rest) {
      return original.call(this, exactSource(source), ...rest);
    });
  }
}

const createImageBitmapNatively = globalThis.createImageBitmap;
replaceMethod(globalThis, 'createImageBitmap', function createImageBitmap(source, ...rest) {
  return createImageBitmapNatively.call(globalThis, exactSource(source), ...rest);
});
