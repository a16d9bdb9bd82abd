// Operations that the browser does off the page's thread without a request. Their results belong to the moment at which the page
// asked, as answers to requests do. tests/component/capture_operations.test.cpp compares this table with all operations of the
// browser that give a promise. Finding them here would cost each document some 6,500 calls.
const asyncOperations = {
  AudioDecoder: 'flush',
  AudioEncoder: 'flush',
  BaseAudioContext: 'decodeAudioData',
  Blob: 'arrayBuffer bytes text',
  CSSStyleSheet: 'replace',
  Cache: 'add addAll delete keys match matchAll put',
  CacheStorage: 'delete has keys match open',
  CookieStore: 'delete get getAll set',
  FileSystemDirectoryHandle: 'getDirectoryHandle getFileHandle removeEntry resolve',
  FileSystemFileHandle: 'createWritable getFile move',
  FileSystemHandle: 'isSameEntry remove',
  FileSystemWritableFileStream: 'seek truncate write',
  FontFace: 'load',
  FontFaceSet: 'load',
  GPU: 'requestAdapter',
  GPUAdapter: 'requestDevice',
  GPUBuffer: 'mapAsync',
  GPUDevice: 'createComputePipelineAsync createRenderPipelineAsync popErrorScope',
  GPUQueue: 'onSubmittedWorkDone',
  GPUShaderModule: 'getCompilationInfo',
  HTMLImageElement: 'decode',
  IDBFactory: 'databases',
  ImageDecoder: 'decode',
  MediaCapabilities: 'decodingInfo encodingInfo',
  NavigatorUAData: 'getHighEntropyValues',
  OfflineAudioContext: 'startRendering',
  OffscreenCanvas: 'convertToBlob',
  Permissions: 'query',
  Request: 'arrayBuffer blob bytes formData json text',
  SVGImageElement: 'decode',
  StorageManager: 'estimate getDirectory persisted',
  SubtleCrypto: 'decapsulateBits decapsulateKey decrypt deriveBits deriveKey digest encapsulateBits encapsulateKey encrypt ' +
    'exportKey generateKey getPublicKey importKey sign unwrapKey verify wrapKey',
  VideoDecoder: 'flush',
  VideoEncoder: 'flush',
  VideoFrame: 'copyTo',
  Worklet: 'addModule',
};

function followMethod(owner, name, label, promiseOf = (result) => result) {
  const method = owner?.[name];
  if (typeof method !== 'function') return;  // not in this browser, or not on a page without https
  replaceMethod(owner, name, function (...values) {
    const result = Reflect.apply(method, this, values);
    followOperation(label, promiseOf(result, this));
    return result;
  });
}

for (const [name, methods] of Object.entries(asyncOperations)) {
  for (const method of methods.split(' ')) followMethod(globalThis[name]?.prototype, method, `${name}.${method}()`);
}
followMethod(globalThis, 'createImageBitmap', 'createImageBitmap()');
for (const name of ['compile', 'compileStreaming', 'instantiate', 'instantiateStreaming']) {
  followMethod(WebAssembly, name, `WebAssembly.${name}()`);
}

// Operations that report their end by events. An IndexedDB transaction ends when all its requests have.
for (const name of ['open', 'deleteDatabase']) {
  followMethod(IDBFactory.prototype, name, `IDBFactory.${name}()`, (request) => eventOnce(request, 'success', 'error', 'blocked'));
}
followMethod(IDBDatabase.prototype, 'transaction', 'an IndexedDB transaction', (work) => eventOnce(work, 'complete', 'abort'));
for (const name of ['readAsArrayBuffer', 'readAsBinaryString', 'readAsDataURL', 'readAsText']) {
  followMethod(FileReader.prototype, name, `FileReader.${name}()`, (result, reader) => eventOnce(reader, 'loadend'));
}
