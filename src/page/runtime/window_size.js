// The window around the page: how big its frame is depends on how the browser is run, so it has none.
for (const [outer, inner] of [['outerWidth', 'innerWidth'], ['outerHeight', 'innerHeight']]) {
  const sizeHere = Object.getOwnPropertyDescriptor(globalThis, inner).get.bind(globalThis);
  replaceAccessor(globalThis, outer, {
    get() {
      try {
        return top === globalThis ? sizeHere() : top[outer];
      } catch {
        return sizeHere();  // of a frame whose page is of another origin
      }
    },
  });
}
