import {Rect, makeScene2D} from '@motion-canvas/2d';
import {createSignal, linear, useScene} from '@motion-canvas/core';

// Looks at the scene before, which looked at the one before it.
export default makeScene2D(function* (view) {
  const length = createSignal(useScene().previous === null ? 100 : 10);
  view.add(<Rect offset={[-1, -1]} position={[-160, -90]} width={length} height={20} fill={'rgb(0, 0, 255)'} />);
  yield* length(200, 8 / 30, linear);
});
