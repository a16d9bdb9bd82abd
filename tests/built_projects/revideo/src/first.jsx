import {Rect, Txt, Video, makeScene2D} from '@revideo/2d';
import {createRef, createSignal, linear, usePlayback, useScene, waitFor} from '@revideo/core';

// Bars: a tween; a signal that is computed when it is first drawn, and never again; one of a variable's colour; one that changes.
// Then text in a font of the style sheet, and a video.
export default makeScene2D('first', function* (view) {
  const length = createSignal(0);
  const film = createRef();
  const playback = usePlayback();
  const late = createRef();
  const bar = (row, width, fill, ref) => (
    <Rect ref={ref ?? (() => {})} layout={false} offset={[-1, -1]} position={[-160, -90 + 20 * row]} width={width} height={20} fill={fill} />
  );
  view.add(bar(0, length, 'rgb(0, 0, 255)'));
  view.add(bar(1, () => 10 * (playback.frame + 1), useScene().variables.get('colour', 'rgb(9, 9, 9)')));
  view.add(bar(2, 150, 'rgb(0, 128, 128)', late));
  view.add(<Txt offset={[-1, -1]} position={[-160, -20]} fontFamily={'Proof'} fontSize={20} text={'iiiiiiii'} />);
  view.add(<Video ref={film} src={'/film.mp4'} offset={[-1, -1]} position={[-160, 10]} width={64} height={32} />);
  film().play();
  yield* length(120, 12 / 30, linear);
  view.add(bar(6, () => 10 * playback.frame, 'rgb(128, 0, 0)'));  // first drawn in the middle of the scene
  late().width(() => 5 * playback.frame);
  yield* waitFor(12 / 30);
});
