// View transitions. The pictures that one goes from and to are made in frames of the browser's own, which a step does not have
// by itself: time stands still until it is ready (CSS View Transitions 1, "ready"). What it shows from then on are animations
// of pseudo-elements, which follow the clock as others do.
const readyOf = Object.getOwnPropertyDescriptor(ViewTransition.prototype, 'ready').get;
const finishedOf = Object.getOwnPropertyDescriptor(ViewTransition.prototype, 'finished').get;
const transitionRoots = new Map();  // ViewTransition that is ready -> the element that has its pseudo-elements

function tellOfTransition(error) {
  if (error?.name !== 'TimeoutError') return;
  warnOnce('a view transition is left out: what its update callback waits for takes time, which stands still until it is done');
}

function followTransition(transition, root) {
  if (config.losesScreen) {
    readyOf.call(transition).catch(() => {});  // what becomes of it here is nobody's concern
    return loseScreen();
  }
  if (!stepsEvents() && clock.frame >= 0) {
    warnOnce('a view transition goes on from the frame in which it begins: with window.renderFrame it is another picture in each chunk');
  }
  if (videos.size + filmElements.size + cssFilms.size > 0) {
    warnOnce('a view transition goes from a picture in which videos and animated images may be at an earlier frame');
  }
  const finished = () => transitionRoots.delete(transition);
  finishedOf.call(transition).then(finished, finished);
  followOperation('a view transition', readyOf.call(transition).then(() => transitionRoots.set(transition, root), tellOfTransition));
}

function isAnimated(root) {
  const isOfTransition = ({effect}) => effect?.target === root && effect.pseudoElement?.startsWith('::view-transition');
  const states = native.getAnimations.call(document).filter(isOfTransition).map(({playState}) => playState);
  return states.includes('running') || states.includes('paused');
}

/// The browser ends one in the first of its own frames in which nothing of it runs; it makes at least two before.
function* endTransitions() {
  let hadEnds = false;
  for (const [transition, root] of transitionRoots) {
    for (let frames = 0; frames < 4 && transitionRoots.has(transition) && !isAnimated(root); frames += 1) {
      yield waitFor('an animation frame', nativeFrame());
      yield settleMicrotasks();
      hadEnds = true;
    }
  }
  return hadEnds;
}

for (const {prototype} of [Document, Element]) {
  const {startViewTransition} = prototype;
  if (startViewTransition === undefined) continue;
  replaceMethod(prototype, 'startViewTransition', function (...values) {
    const transition = Reflect.apply(startViewTransition, this, values);
    followTransition(transition, this === document ? document.documentElement : this);
    return transition;
  });
}

// Those between two documents (@view-transition), here of a frame: the second document has it when it comes in.
forEachDocument(() => listen.call(globalThis, 'pagereveal', ({viewTransition}) => {
  if (viewTransition) followTransition(viewTransition, document.documentElement);
}));
