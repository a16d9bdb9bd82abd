// What cannot be made to follow the clock is told once, by name. In a strict render it is an error.
const toldWarnings = new Set();
const warn = console.warn.bind(console);

function warnOnce(text) {
  if (toldWarnings.has(text)) return;
  toldWarnings.add(text);
  if (config.strict) failures.push(new Error(`${text} (strict)`));
  else warn(text);
}
