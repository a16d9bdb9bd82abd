// WebGL's syncs and queries: they are answered when the GPU has done the work before them, and pages poll them. The answer
// belongs to the frame that gave the work. That the runtime polls, too, does not change what the page is told.
const {QUERY_RESULT_AVAILABLE, CURRENT_QUERY, SIGNALED, SYNC_STATUS} = WebGL2RenderingContext;
const webgl2 = {};
for (const name of ['endQuery', 'fenceSync', 'flush', 'getQuery', 'getQueryParameter', 'getSyncParameter', 'isContextLost', 'isQuery', 'isSync']) {
  webgl2[name] = WebGL2RenderingContext.prototype[name];
}

/// Polls once per turn of the event loop, since the browser changes its answer only between turns (Blink,
/// WebGLFenceSync::UpdateCache).
async function untilAnswered(gl, isAnswered) {
  webgl2.flush.call(gl);  // as the browser does at the end of a frame
  while (!webgl2.isContextLost.call(gl) && !isAnswered()) await nativePause(1);
}

replaceMethod(WebGL2RenderingContext.prototype, 'fenceSync', function (...values) {
  const sync = Reflect.apply(webgl2.fenceSync, this, values);
  const isAnswered = () => !webgl2.isSync.call(this, sync) || webgl2.getSyncParameter.call(this, sync, SYNC_STATUS) === SIGNALED;
  if (sync !== null) followOperation('WebGL2RenderingContext.fenceSync()', untilAnswered(this, isAnswered));
  return sync;
});
replaceMethod(WebGL2RenderingContext.prototype, 'endQuery', function (...values) {
  const query = Reflect.apply(webgl2.getQuery, this, [values[0], CURRENT_QUERY]);
  Reflect.apply(webgl2.endQuery, this, values);
  if (query === null) return;
  const isAnswered = () => !webgl2.isQuery.call(this, query) || webgl2.getQueryParameter.call(this, query, QUERY_RESULT_AVAILABLE);
  followOperation('WebGL2RenderingContext.endQuery()', untilAnswered(this, isAnswered));
});
