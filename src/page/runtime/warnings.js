// What cannot be made to follow the clock is named in a warning, once. In a strict render it is an error.
const toldWarnings = new Set();
const warn = console.warn.bind(console);
let strictFailure = null;

function warnOnce(text) {
  if (toldWarnings.has(text)) return;
  toldWarnings.add(text);
  if (!config.strict) return warn(config.key, text);  // by the key, the capture side tells them from the page's own
  strictFailure ??= new Error(`${text}. The render is strict (page.strict), so this is an error: mend the page, or leave strict out`);
}

/// Called at the end of every step: a warning of this step ends a strict render, in the frame in which its cause began.
function throwStrict() {
  if (strictFailure !== null) throw strictFailure;
}
