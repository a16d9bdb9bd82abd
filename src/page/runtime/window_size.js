// The outer size of the window is made equal to the page's size, because the size of a window's borders depends on how the
// browser is run.
for (const [outer, inner] of [['outerWidth', 'innerWidth'], ['outerHeight', 'innerHeight']]) {
  const sizeHere = Object.getOwnPropertyDescriptor(globalThis, inner).get.bind(globalThis);
  replaceAccessor(globalThis, outer, {
    get() {
      try {
        return top === globalThis ? sizeHere() : top[outer];
      } catch {
        return sizeHere();  // in a frame whose top page is of another origin
      }
    },
  });
}
