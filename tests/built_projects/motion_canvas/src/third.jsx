import {Circle, makeScene2D} from '@motion-canvas/2d';
import {createRef, linear} from '@motion-canvas/core';

// Nothing is painted over the background of the project. A filter makes the node be drawn in a canvas of its own.
export default makeScene2D(function* (view) {
  const circle = createRef();
  view.add(<Circle ref={circle} size={60} fill={'rgba(200, 0, 0, 0.5)'} position={[-100, 0]} />);
  circle().filters.blur(3);
  yield* circle().position.x(100, 10 / 30, linear);
});
