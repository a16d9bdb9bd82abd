import {Txt, makeScene2D} from '@revideo/2d';
import {Direction, slideTransition, useScene} from '@revideo/core';

// Looks at the scene before, and ends with its transition, so that both are seen in all its frames.
export default makeScene2D('fourth', function* (view) {
  const before = useScene().previous;
  view.add(<Txt fontFamily={'Proof'} fontSize={20} text={before === null ? 'after nothing' : `after ${before.name}`} fill={'rgb(10, 20, 30)'} />);
  yield* slideTransition(Direction.Top, 5 / 30);
});
