import {Rect, Txt, makeScene2D} from '@motion-canvas/2d';
import {Direction, createSignal, linear, slideTransition} from '@motion-canvas/core';

export default makeScene2D(function* (view) {
  const length = createSignal(0);
  view.add(<Rect width={320} height={180} fill={'rgb(240, 240, 240)'} />);
  view.add(<Rect offset={[-1, -1]} position={[-160, -90]} width={length} height={20} fill={'rgb(0, 255, 0)'} />);
  yield* slideTransition(Direction.Left, 6 / 30);
  view.add(<Txt fontFamily={'Proof'} fontSize={20} text={() => `${Math.round(length())} pixels`} fill={'rgb(10, 20, 30)'} />);
  yield* length(180, 18 / 30, linear);
});
