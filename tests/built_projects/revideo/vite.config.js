import plugin from '@revideo/vite-plugin';
import {defineConfig} from 'vite';

export default defineConfig({plugins: [(plugin.default ?? plugin)({project: './src/project.js'})]});
