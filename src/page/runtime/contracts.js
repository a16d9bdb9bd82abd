// The ways in which a page can be driven, each in a file of its own: {name, applies(), begin(), seek(frame), said(), approach(frame)}.
// begin(), seek() and approach() are generators; said() lists the compositions, and is left out where the page is one without a name
// (described.js); only what has to go through every frame has approach(). The first contract that applies is taken, so the order of
// their files (page_runtime_files in cmake/page_runtime.cmake) is their precedence.
const contracts = [];
const approachMs = 200;  // of real time that one call of approach() takes; as in Page::start_approach

/// Functions that look up each name of page-contracts.md in the page's scripts. They come from the capture side: what a global
/// `const` or `let` declares is no property of the window (ECMA-262, "Global Environment Records").
let declared = {};

/// What the page has by the name; undefined if nothing.
function defined(name) {
  const value = window[name];
  const isElement = value instanceof Node;  // an element's id is a name of the window, too (HTML, "named access")
  if (value !== undefined && value !== null && !isElement) return value;
  try {
    return declared[name]?.();
  } catch {
    return undefined;  // a ReferenceError: nothing has the name
  }
}
