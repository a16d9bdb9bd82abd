// Bodies that are read piece by piece. Each piece belongs to the frame that asked for it, as a whole body does. Only streams of
// responses and files are followed: a stream that the page makes itself may get its next piece at a later frame.
const streamNames = new WeakMap();  // stream, reader or iterator that is followed -> its name for messages

function followStream(stream, name) {
  if (stream && name !== undefined) streamNames.set(stream, name);
  return stream;
}

/// Replaces a method so that what it makes of a followed stream is followed, too.
function passOn(owner, name, resultsOf) {
  const method = owner[name];
  replaceMethod(owner, name, function (...values) {
    const result = Reflect.apply(method, this, values);
    for (const each of resultsOf(result)) followStream(each, streamNames.get(this));
    return result;
  });
}

/// Replaces a method so that the promise that it gives is waited for if the object is followed.
function waitForPieces(owner, name) {
  const method = owner[name];
  replaceMethod(owner, name, function (...values) {
    const piece = Reflect.apply(method, this, values);
    if (streamNames.has(this)) followOperation(streamNames.get(this), piece);
    return piece;
  });
}

const {ReadableStream, ReadableStreamBYOBReader, ReadableStreamDefaultReader} = globalThis;
const streamIterator = Object.getPrototypeOf(new ReadableStream().values());
for (const name of ['getReader', 'pipeThrough', 'values', Symbol.asyncIterator]) {
  passOn(ReadableStream.prototype, name, (result) => [result]);
}
passOn(ReadableStream.prototype, 'tee', (results) => results);
waitForPieces(ReadableStream.prototype, 'pipeTo');
waitForPieces(streamIterator, 'next');
for (const {prototype} of [ReadableStreamDefaultReader, ReadableStreamBYOBReader]) waitForPieces(prototype, 'read');

const bodyOf = replaceAccessor(Response.prototype, 'body', {
  get() {
    const body = bodyOf.get.call(this);
    return this.url === '' ? body : followStream(body, `the stream of ${shortUrl(this.url)}`);
  },
});
const {stream: streamOf} = Blob.prototype;
replaceMethod(Blob.prototype, 'stream', function () {
  return followStream(streamOf.call(this), 'the stream of a Blob');
});
