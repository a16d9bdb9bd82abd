// What a page throws: the first of it that nobody handles, and texts for people.
let uncaught = null;  // {what, error}

function keepUncaught(error, what = 'uncaught exception in a callback of the page') {
  uncaught ??= {what, error};
}

/// An object that is no Error, which pages throw and reject with, too; `img.onerror = reject` does it with an event.
function textOfObject(value) {
  if (value instanceof Event) return `event "${value.type}"${value.target?.src ? ` of ${shortUrl(String(value.target.src))}` : ''}`;
  let text;
  try {
    text = JSON.stringify(value);
  } catch {
    text = `{${Object.keys(value).join(', ')}}`;  // it has circles, or a BigInt
  }
  return text === undefined || text === '{}' ? String(value) : text;
}

function messageOf(error) {
  if (error instanceof Error || error?.message) return String(error.message || error.name);
  return error !== null && typeof error === 'object' ? textOfObject(error).slice(0, 1000) : String(error);
}

/// " (URL:LINE)" of the first function on the stack that is the page's: this script has no URL. Empty if there is none.
function lineOf(error) {
  const stack = typeof error?.stack === 'string' ? error.stack : '';
  const [, url, line] = /^\s+at (?:.* \()?([a-z][a-z-]*:[^\s()]+):(\d+):\d+\)?$/m.exec(stack) ?? [];
  return url === undefined ? '' : ` (${shortUrl(url)}:${line})`;
}

/// An Error that says what failed, and where. Its own stack would tell only of this script.
function failure(what, cause) {
  const error = new Error(`${what}: ${messageOf(cause)}${lineOf(cause)}`);
  error.stack = `Error: ${error.message}`;
  return error;
}
