// Contract of a page with window.renderFrame(frame, {fps, time}): it draws the frame that it is told to, in any order.
function* callRenderFrame(frame) {
  const timing = {fps: config.fps.num / config.fps.den, time: (frame * config.fps.den) / config.fps.num};
  try {
    const result = defined('renderFrame').call(window, frame, timing);
    if (isPromise(result)) yield waitFor(`renderFrame(${frame})`, result);
  } catch (error) {
    throw failure(`window.renderFrame(${frame}) failed`, error);
  }
}

contracts.push({
  name: 'renderFrame',
  applies() {
    const renderFrame = defined('renderFrame');
    if (typeof renderFrame === 'function') return true;
    if (renderFrame !== undefined) warnOnce('window.renderFrame is no function, so the page is not drawn by it');
    return false;
  },
  *begin() {
    beginDrawing();
  },
  seek: (frame) => drawFrame(frame, callRenderFrame),
});
