// What stays open has no end to wait for: what comes through it comes when it comes.
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
