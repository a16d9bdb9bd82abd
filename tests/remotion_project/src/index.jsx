// Small compositions that use what many use, and some that fail.
import {Video} from '@remotion/media';
import React, {useEffect, useLayoutEffect, useRef, useState} from 'react';
import {
  AbsoluteFill, Artifact, cancelRender, Composition, continueRender, delayRender, Html5Audio, Html5Video, interpolate, OffthreadVideo,
  random, registerRoot, Sequence, Series, spring, staticFile, Still, useCurrentFrame, useVideoConfig,
} from 'remotion';

const at = (left, top, rest) => ({position: 'absolute', left, top, ...rest});
const Text = ({text}) => <div style={at(10, 8, {font: '24px sans-serif', color: '#123'})}>{text} {useCurrentFrame()}</div>;

const Moves = () => {
  const frame = useCurrentFrame();
  const {fps} = useVideoConfig();
  const size = spring({frame, fps});
  const turn = {transform: `scale(${size}) rotate(${frame * 3}deg)`, boxShadow: '0 0 9px #0008'};
  return (
    <AbsoluteFill style={{background: 'white'}}>
      <Text text="moves" />
      <div style={at(interpolate(frame, [0, 23], [0, 240]), 80, {width: 50, height: 50, background: 'tomato', ...turn})} />
      {Array.from({length: 9}, (_, i) => (
        <div key={i} style={at(random(`x${i}`) * 300, random(`y${i}`) * 170, {width: 6, height: 6, background: 'purple'})} />
      ))}
      <Sequence from={5} durationInFrames={9}><div style={at(200, 30, {font: '20px serif'})}>sequence</div></Sequence>
      <Series>
        <Series.Sequence durationInFrames={12}><div style={at(200, 140)}>first</div></Series.Sequence>
        <Series.Sequence durationInFrames={12}><div style={at(200, 150)}>second</div></Series.Sequence>
      </Series>
    </AbsoluteFill>
  );
};

const Data = ({title, color, items}) => {
  const [data, setData] = useState(null);
  const [handle] = useState(() => delayRender('loading the data'));
  useEffect(() => {
    fetch(staticFile('data.json')).then((response) => response.json()).then((loaded) => {
      setData(loaded);
      continueRender(handle);
    });
  }, [handle]);
  return <AbsoluteFill style={{background: color}}><Text text={`${title} ${data?.title} ${items.join()}`} /></AbsoluteFill>;
};
const lengthOfData = async ({props}) => {
  const {frames} = await (await fetch(staticFile('data.json'))).json();
  return {durationInFrames: frames, props: {...props, items: [...props.items, frames]}};
};

const Videos = () => (
  <AbsoluteFill style={{background: '#ddd'}}>
    <Html5Video src={staticFile('film.mp4')} trimBefore={6} playbackRate={2} style={at(0, 0)} />
    <Video src={staticFile('film.mp4')} trimBefore={3} style={at(160, 0, {width: 160, height: 90})} />
    <Sequence from={2}><OffthreadVideo src={staticFile('film.mp4')} playbackRate={1.5} style={at(0, 90)} /></Sequence>
  </AbsoluteFill>
);

/// Shows what the frame before has left: nothing in a page that begins with this frame.
const Carries = () => {
  const frame = useCurrentFrame();
  const canvas = useRef(null);
  const before = useRef(-1);
  useLayoutEffect(() => {
    const context = canvas.current.getContext('2d');
    context.fillStyle = `rgb(${10 * (before.current + 1)}, 0, 0)`;
    context.fillRect(0, 0, 320, 180);
    before.current = frame;
  }, [frame]);
  return <canvas ref={canvas} width={320} height={180} />;
};

const grows = '@keyframes grow { from { background: rgb(0, 0, 0); } to { background: rgb(240, 0, 0); } }';
const Animated = () => (
  <AbsoluteFill>
    <style>{grows}</style>
    <div style={at(0, 0, {width: 320, height: 180, animation: 'grow 0.8s linear'})} />
  </AbsoluteFill>
);

const Sounds = () => (
  <AbsoluteFill>
    <Html5Audio src={staticFile('film.mp4')} />
    <Artifact filename="note.txt" content="a note" />
    <Text text="sounds" />
  </AbsoluteFill>
);
const Throws = () => {
  if (useCurrentFrame() === 3) throw new Error('three is not nice');
  return <Text text="throws" />;
};
const Hangs = () => {
  useState(() => delayRender('waiting for Godot'));
  return <Text text="hangs" />;
};
const Cancels = () => {
  if (useCurrentFrame() === 2) cancelRender(new Error('no more of this'));
  return <Text text="cancels" />;
};
const throwsInMetadata = () => {
  throw new Error('no metadata today');
};

const film = {width: 320, height: 180, fps: 30, durationInFrames: 24};
const props = {title: 'data', color: 'rgb(200, 220, 240)', items: [1, 2]};
registerRoot(() => (
  <>
    <Composition id="Moves" component={Moves} {...film} fps={29.97} />
    <Composition id="Data" component={Data} {...film} defaultProps={props} calculateMetadata={lengthOfData} />
    <Composition id="Videos" component={Videos} {...film} fps={25} />
    <Composition id="Carries" component={Carries} {...film} />
    <Composition id="Animated" component={Animated} {...film} />
    <Composition id="Sounds" component={Sounds} {...film} durationInFrames={2} />
    <Composition id="Throws" component={Throws} {...film} />
    <Composition id="Hangs" component={Hangs} {...film} />
    <Composition id="Cancels" component={Cancels} {...film} />
    <Composition id="BadMetadata" component={Moves} {...film} calculateMetadata={throwsInMetadata} />
    <Still id="Card" component={() => <AbsoluteFill style={{background: 'gold'}}><Text text="card" /></AbsoluteFill>} width={160} height={90} />
  </>
));
