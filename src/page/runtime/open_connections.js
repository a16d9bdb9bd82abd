// Connections that stay open have no end to wait for, so a warning says that their messages come in real time.
for (const name of ['EventSource', 'RTCPeerConnection', 'WebSocket', 'WebSocketStream', 'WebTransport']) {
  const original = globalThis[name];
  if (original === undefined) continue;  // not in this browser, or not on a page without https
  replaceClass(name, (values, newTarget) => {
    const made = Reflect.construct(original, values, newTarget);
    const url = typeof made.url === 'string' ? ` ${shortUrl(made.url)}` : '';
    warnOnce(`${name}${url} stays open: what comes through it comes in real time, at another frame in each render`);
    return made;
  });
}

// These record or read pictures and sound in real time.
const warnOfStream = (name) => warnOnce(`${name} runs in real time: what comes of it comes at another frame in each render`);
for (const name of ['MediaRecorder', 'MediaStreamTrackProcessor']) {
  const original = globalThis[name];
  if (original === undefined) continue;  // not on a page without https
  replaceClass(name, (values, newTarget) => {
    const made = Reflect.construct(original, values, newTarget);
    warnOfStream(name);
    return made;
  });
}
for (const {prototype} of [HTMLCanvasElement, HTMLMediaElement]) {
  const {captureStream} = prototype;
  replaceMethod(prototype, 'captureStream', function (...values) {
    const stream = Reflect.apply(captureStream, this, values);
    warnOfStream('captureStream()');
    return stream;
  });
}
