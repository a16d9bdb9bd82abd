// Does what `remotion bundle` does.
import {bundle} from '@remotion/bundler';
import path from 'node:path';

await bundle({entryPoint: path.resolve('src/index.jsx'), outDir: path.resolve('bundle'), publicDir: path.resolve('public')});
