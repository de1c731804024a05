// Lints the sources and the packed package with n8n's own scanner, the gate to n8n Cloud, offline:
// `npx @n8n/scan-community-package` itself only scans what is published already.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'scan-'));

try {
	process.env.TMPDIR = work; // the scanner leaves its temporary folder behind
	const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(
		'@n8n/scan-community-package/scanner/scanner.mjs'
	);
	const { packed, files } = pack();
	const results = {
		sources: await analyzePackage(root, SOURCE_FILE_PATTERNS),
		[`package, ${files} files`]: await analyzePackage(packed),
		'rules of the scanner': checkRules(),
	};
	report(results);
	process.exitCode = Object.values(results).every(({ passed }) => passed) ? 0 : 1;
} finally {
	rmSync(work, { recursive: true, force: true });
}

/** The package as npm would publish it, unpacked. */
function pack() {
	const destination = join(work, 'package');
	mkdirSync(destination);
	const output = npm('pack', '--json', '--ignore-scripts', '--pack-destination', work);
	const [{ filename, entryCount }] = JSON.parse(output);
	execFileSync('tar', ['-xzf', join(work, filename), '-C', destination, '--strip-components=1']);
	return { packed: destination, files: entryCount };
}

function npm(...args) {
	return execFileSync('npm', args, { cwd: root, encoding: 'utf8' });
}

/** npm may give the scanner another version of its rules than the one it names: then say so. */
function checkRules() {
	const scanner = createRequire(
		createRequire(import.meta.url).resolve('@n8n/scan-community-package/scanner/scanner.mjs'),
	);
	const name = '@n8n/eslint-plugin-community-nodes';
	const wanted = readJson(scanner.resolve('../package.json')).dependencies[name];
	const folder = scanner.resolve(name).split(name)[0];
	const { version } = readJson(join(folder, name, 'package.json'));
	const passed = version === wanted;
	return { passed, message: `${version}${passed ? '' : `, but ${wanted} is asked for`}` };
}

function readJson(path) {
	return JSON.parse(readFileSync(path, 'utf8'));
}

function report(results) {
	const table = new Table({ head: ['scanned', 'result', ''], style: { head: [], border: [] } });
	for (const [what, { passed, message = '' }] of Object.entries(results)) {
		table.push([what, passed ? 'passed' : 'FAILED', message]);
	}
	console.log(table.toString());
	for (const { details } of Object.values(results)) if (details) console.log(details);
}
