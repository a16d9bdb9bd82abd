// Dedicated workers that fail: an exception that neither the worker nor the page handles is the page's, and a script that cannot be
// loaded is named in a warning.
const workerErrors = [];  // {event, label}: of Worker objects, until the page's own listeners have run

function hearWorkerError(state, event) {
  if (!event.isTrusted) return;
  if (event instanceof ErrorEvent) state.heard += 1;
  workerErrors.push({event, label: state.label});
}

/// `error` events take another way than a worker's messages and may come after its answer, which says how many there are.
function* hearWorkerErrors() {
  for (const [worker, state] of workers) {
    for (let round = 0; state.heard < state.thrown && workers.has(worker) && round < 1000; round += 1) yield nativePause(1);
  }
}

function keepWorkerErrors() {
  for (const {event, label} of workerErrors.splice(0)) {
    if (event.defaultPrevented) continue;
    if (!(event instanceof ErrorEvent)) warnOnce(`${label} does not run: its script, or one that it imports, cannot be loaded or read`);
    else keepUncaught(`${event.message.replace(/^Uncaught (Error: )?/, '')}${placeOfEvent(event)}`, `uncaught exception in ${label}`);
  }
}

const placeOfEvent = ({filename, lineno}) => (filename ? ` (${shortUrl(filename)}:${lineno})` : '');
