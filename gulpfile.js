const { readdir, rm } = require('node:fs/promises');
const { join } = require('node:path');
const { build } = require('esbuild');
const { dest, src } = require('gulp');

const node = 'dist/nodes/GptImage';

// tsc checks the code and emits it; gulp owns the static files (n8n-node build would ship every picture of the repository).
exports.clean = async () => await rm('dist', { recursive: true, force: true });

exports['build:icons'] = () => src('icons/*.svg').pipe(dest('dist/icons'));

// Every n8n loads the node when it starts: one file is read faster than fifty, and the package stays small.
exports['build:bundle'] = async () => {
	await build({
		entryPoints: ['nodes/GptImage/GptImage.node.ts', 'credentials/OpenAiImagesApi.credentials.ts'],
		outdir: 'dist',
		outbase: '.',
		bundle: true,
		external: ['n8n-workflow'],
		format: 'cjs',
		platform: 'node',
		target: 'node20',
		minify: true,
	});
	const entries = await readdir(node, { withFileTypes: true });
	const parts = entries.filter((entry) => entry.isDirectory() && entry.name !== '__schema__');
	await Promise.all(parts.map(({ name }) => rm(join(node, name), { recursive: true })));
};
