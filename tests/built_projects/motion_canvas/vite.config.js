import plugin from '@motion-canvas/vite-plugin';
import {defineConfig} from 'vite';

export default defineConfig({plugins: [(plugin.default ?? plugin)({project: './src/project.js'})]});
