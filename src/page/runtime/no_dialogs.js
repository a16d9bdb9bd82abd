'use strict';

// A browser with a window paints its own dialog over the page before CDP can dismiss it, so it never gets to that. In frames
// of other origins too, hence first: the rest of this script ends there.
globalThis.alert = () => {};
globalThis.confirm = () => false;
globalThis.prompt = () => null;
globalThis.print = () => {};
