// Pictures of the bundle by Remotion's own renderer, each in a page of its own: pictures/COMPOSITION-FRAME.png.
import {renderStill, selectComposition} from '@remotion/renderer';
import {readFileSync} from 'node:fs';

const frames = {Moves: [0, 11, 23], Data: [0, 17], Videos: [0, 9, 20]};
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
    const output = `pictures/${id}-${frame}.png`;
    const still = async () => {
      await renderStill({...options, composition, frame, output, imageFormat: 'png', overwrite: true});
      return readFileSync(output, 'base64');
    };
    // On a busy machine it may take a picture before <Html5Video> shows its frame, but hardly twice the same wrong one.
    let before = await still();
    for (let now = await still(); now !== before; now = await still()) before = now;
  }
}
