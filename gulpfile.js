const { rm, readdir, readFile, writeFile } = require('node:fs/promises');
const { join } = require('node:path');
const { transform } = require('esbuild');
const { dest, src } = require('gulp');

// tsc owns the code, gulp owns the static files (n8n-node build would ship every picture of the repository).
exports.clean = async () => await rm('dist', { recursive: true, force: true });

exports['build:icons'] = () => src('icons/*.svg').pipe(dest('dist/icons'));

// Takes white space and the names of local variables out of the emitted code: every instance of n8n loads it.
exports['build:compact'] = async () => {
	const names = await readdir('dist', { recursive: true });
	for (const name of names.filter((file) => file.endsWith('.js'))) {
		const file = join('dist', name);
		const options = { minifyWhitespace: true, minifyIdentifiers: true };
		const { code } = await transform(await readFile(file, 'utf8'), options);
		await writeFile(file, code);
	}
};
