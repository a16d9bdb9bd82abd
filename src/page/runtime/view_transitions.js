// View transitions. The browser takes the pictures from and to which a transition leads in native frames. A step may have none,
// so time stands still until the transition is ready (CSS View Transitions 1, "ready"). What it shows from then on are animations
// of pseudo-elements, which follow the clock as others do.
const readyOf = Object.getOwnPropertyDescriptor(ViewTransition.prototype, 'ready').get;
const finishedOf = Object.getOwnPropertyDescriptor(ViewTransition.prototype, 'finished').get;
const transitionRoots = new Map();  // ViewTransition that is ready -> the element with its pseudo-elements

function tellOfTransition(error) {
  if (error?.name !== 'TimeoutError') return;
  warnOnce('a view transition is left out: what its update callback waits for takes time, which stands still until it is done');
}

function followTransition(transition, root) {
  if (config.losesScreen) {
    readyOf.call(transition).catch(() => {});  // another window or backend takes over, so its end here does not matter
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

/// Waits until transitions whose animations are over have ended. The browser ends one in the first native frame in which none of
/// its animations runs, but not before its third frame.
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

// Transitions between two documents (@view-transition), which only a frame inside the page can have: the new document gets it.
forEachDocument(() => listen.call(globalThis, 'pagereveal', ({viewTransition}) => {
  if (viewTransition) followTransition(viewTransition, document.documentElement);
}));
