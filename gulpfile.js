const { mkdir, readFile, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');
const { build, transform } = require('esbuild');
const { dest, parallel, series, src } = require('gulp');
const ts = require('typescript');
const { n8n } = require('./package.json');

// All nodes and credentials in one file, and in another what is only needed once something is to be done: every n8n
// loads all its nodes when it starts, to show their panels. What both need is in a third. Names and lines stay, so that
// stack traces and readers find their way.
const BUNDLE = 'dist/bundle.js';

/** What package.json names, and the class n8n looks for in each: it is called as its file is. */
const entries = [...n8n.nodes, ...n8n.credentials].map((file) => ({
	file,
	source: file.replace(/^dist\//, './').replace(/\.js$/, '.ts'),
	className: path.basename(file).split('.')[0],
}));

const clean = async () => await rm('dist', { recursive: true, force: true });

// n8n-node's own build would ship every picture of the repository.
const icons = () => src('icons/*.svg').pipe(dest('dist/icons'));
const json = () => src('nodes/**/*.json').pipe(dest('dist/nodes'));

/** esbuild keeps the comments of what is in a class; those of the sources are for readers of the sources. */
const withoutComments = {
	name: 'without comments',
	setup: ({ onLoad }) =>
		onLoad({ filter: /\.ts$/ }, async ({ path: file }) => ({
			contents: ts.transpileModule(await readFile(file, 'utf8'), {
				compilerOptions: {
					target: ts.ScriptTarget.ESNext,
					module: ts.ModuleKind.ESNext,
					removeComments: true,
				},
			}).outputText,
		})),
};

async function bundle() {
	// Only modules of JavaScript can be split; n8n loads the older kind.
	const { outputFiles } = await build({
		stdin: {
			contents: entries
				.map(({ className, source }) => `export { ${className} } from '${source}';`)
				.join('\n'),
			resolveDir: __dirname,
			sourcefile: 'package.json',
		},
		outdir: path.dirname(BUNDLE),
		entryNames: path.basename(BUNDLE, '.js'),
		chunkNames: '[name]',
		bundle: true,
		splitting: true,
		external: ['n8n-workflow'],
		format: 'esm',
		platform: 'node',
		target: 'node20',
		write: false,
		plugins: [withoutComments],
	});
	await mkdir(path.dirname(BUNDLE), { recursive: true });
	for (const { path: file, text } of outputFiles) {
		await writeFile(file, await indentedByTabs(await asCommonJs(text)));
	}
}

/** The name of each source stays above its code. */
async function asCommonJs(text) {
	const { code } = await transform(text.replace(/^\/\/ (?=nodes|credentials)/gm, '//! '), {
		format: 'cjs',
		platform: 'node',
		target: 'node20',
		supported: { 'dynamic-import': false },
	});
	return code.replace(/^\/\/! /gm, '// ');
}

/** Half the bytes of the indentation; it may not change a text that goes over several lines. */
async function indentedByTabs(code) {
	const indented = code.replace(/^(?: {2})+/gm, (blanks) => '\t'.repeat(blanks.length / 2));
	const [before, after] = await Promise.all(
		[code, indented].map((text) => transform(text, { minifyWhitespace: true })),
	);
	if (before.code !== after.code) throw new Error('A text has lines that begin with blanks');
	return indented;
}

/** The files n8n loads: each hands on its class. */
async function doors() {
	for (const { file, className } of entries) {
		const from = path.posix.relative(path.posix.dirname(file), BUNDLE);
		await mkdir(path.dirname(file), { recursive: true });
		await writeFile(file, `exports.${className} = require('${from}').${className};\n`);
	}
}

exports.build = series(clean, parallel(icons, json, bundle, doors));
