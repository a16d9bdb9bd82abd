// ImageDecoder reads its pictures off the page's thread and tells by promises in attributes, which are not in the table of
// operations (async_operations.js). Nor are the static methods by which WebCodecs tells what it supports.
for (const name of ['AudioDecoder', 'AudioEncoder', 'VideoDecoder', 'VideoEncoder']) {
  followMethod(globalThis[name], 'isConfigSupported', `${name}.isConfigSupported()`);
}
followMethod(globalThis.ImageDecoder, 'isTypeSupported', 'ImageDecoder.isTypeSupported()');

if (globalThis.ImageDecoder !== undefined) {
  const original = globalThis.ImageDecoder;
  const getCompleted = Object.getOwnPropertyDescriptor(original.prototype, 'completed').get;
  const getTracks = Object.getOwnPropertyDescriptor(original.prototype, 'tracks').get;
  const getReady = Object.getOwnPropertyDescriptor(globalThis.ImageTrackList.prototype, 'ready').get;
  replaceClass('ImageDecoder', (values, newTarget) => {
    const decoder = Reflect.construct(original, values, newTarget);
    const label = values[0].data instanceof ReadableStream ? 'ImageDecoder of a stream' : 'ImageDecoder';
    followOperation(label, Reflect.apply(getReady, Reflect.apply(getTracks, decoder, []), []));
    followOperation(label, Reflect.apply(getCompleted, decoder, []));
    return decoder;
  });
}
