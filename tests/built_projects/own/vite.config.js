// The page of the system's own player, beside the project that the first build has written.
import {existsSync} from 'node:fs';
import {defineConfig} from 'vite';

const [core] = ['@motion-canvas/core', '@revideo/core'].filter((name) => existsSync(`node_modules/${name}`));

export default defineConfig({
  root: 'own',
  base: './',
  publicDir: false,
  resolve: {alias: {'own-core': core}},
  build: {outDir: '../dist', emptyOutDir: false, target: 'esnext', rollupOptions: {input: 'own/own.html'}},
});
