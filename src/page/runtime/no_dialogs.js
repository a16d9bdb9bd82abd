'use strict';

// Dialogs are replaced, because a browser with a window paints its own dialog over the page before CDP can dismiss it. This file
// comes first, so that it holds in every frame: in some, the rest of this script returns early (parent_frame.js).
globalThis.alert = () => {};
globalThis.confirm = () => false;
globalThis.prompt = () => null;
globalThis.print = () => {};
// Form validation shows a bubble of the browser's own, which fades by real time.
addEventListener('invalid', (event) => event.preventDefault(), true);
