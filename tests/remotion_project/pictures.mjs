// Pictures of the bundle by Remotion's own renderer, each in a page of its own: pictures/COMPOSITION-FRAME.png.
import {renderStill, selectComposition} from '@remotion/renderer';

const frames = {Moves: [0, 11, 23], Data: [0, 17], Videos: [0, 9, 23], Card: [0]};
const options = {
  serveUrl: 'bundle',
  browserExecutable: '/usr/bin/chromium-headless-shell',
  // Only in one process does its --font-render-hinting=none reach the text.
  chromiumOptions: {enableMultiProcessOnLinux: false},
  logLevel: 'error',
};

for (const id of Object.keys(frames)) {
  const composition = await selectComposition({...options, id});
  for (const frame of frames[id]) {
    await renderStill({...options, composition, frame, output: `pictures/${id}-${frame}.png`, imageFormat: 'png'});
  }
}
