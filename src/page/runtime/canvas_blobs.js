// HTMLCanvasElement.toBlob() reports its end by a callback, unlike the operations in async_operations.js, which give promises or
// events.
const {toBlob} = HTMLCanvasElement.prototype;
replaceMethod(HTMLCanvasElement.prototype, 'toBlob', function (callback, ...rest) {
  if (typeof callback !== 'function') return Reflect.apply(toBlob, this, [callback, ...rest]);  // throws
  let end;
  const ended = new native.Promise((resolve) => { end = resolve; });
  const answer = (blob) => {
    end();
    Reflect.apply(callback, undefined, [blob]);
  };
  Reflect.apply(toBlob, this, [answer, ...rest]);
  followOperation('HTMLCanvasElement.toBlob()', ended);
});
