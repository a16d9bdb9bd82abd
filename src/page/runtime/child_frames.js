// Frames of the same origin run this script too; their clock follows the parent's. Those of other origins are left alone.
function runtimeOf(childWindow) {
  try {
    return childWindow.__orchestrator ?? null;
  } catch {
    return null;
  }
}

function childRuntimes() {
  const runtimes = [];
  for (let index = 0; index < window.length; index += 1) {
    const runtime = runtimeOf(window[index]);
    if (runtime !== null) runtimes.push(runtime);
  }
  return runtimes;
}

const knownFrames = new WeakSet();

/// A frame that comes in while stepping is waited for like an image; those before it belong to the page's load event.
function learnFrameElement(element) {
  if (knownFrames.has(element)) return;
  knownFrames.add(element);
  if (clock.frame < 0 || !element.src) return;
  const child = runtimeOf(element.contentWindow);
  if (child !== null && child.isLoaded()) return;
  arrive(`frame ${shortUrl(element.src)}`, eventOnce(element, 'load', 'error'));
}

function* waitForChildren() {
  for (const runtime of childRuntimes()) yield runtime.ready();
}

function* seekChildren(frame) {
  if (window.length === 0) return;
  for (const runtime of childRuntimes()) {
    if (!runtime.isReady()) yield runtime.ready();
    yield runtime.seek(frame);
  }
}
