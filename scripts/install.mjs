// Installs the dependencies when they are missing or not those of package-lock.json; runs before
// everything else, so it needs nothing but Node and npm.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const major = Number(process.versions.node.split('.')[0]);

if (major < 20) {
	console.error(`Node 20 or newer is needed, this is ${process.version}.`);
	process.exit(1);
}
if (!upToDate()) install();

/** Whether node_modules holds every package of package-lock.json in its version. */
function upToDate() {
	const installed = packagesOf('node_modules/.package-lock.json');
	const wanted = packagesOf('package-lock.json');
	return Object.entries(wanted).every(([path, { version, optional }]) => {
		const found = installed[path]?.version;
		// What is optional is left out on other systems.
		return path === '' || found === version || (optional && found === undefined);
	});
}

function packagesOf(file) {
	const path = join(root, file);
	return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {};
}

function install() {
	const start = Date.now();
	console.log('Installing dependencies (npm ci), about a minute …');
	const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: root,
		stdio: 'inherit',
		env: { ...process.env, npm_config_cache: cacheFolder() },
		shell: process.platform === 'win32',
	});
	if (status !== 0) {
		console.error('npm ci did not succeed; see above.');
		process.exit(status ?? 1);
	}
	console.log(`Installed in ${Math.round((Date.now() - start) / 1000)} s.`);
}

/** npm's cache where the user has it, or a temporary folder when there is no home to write to. */
function cacheFolder() {
	const wanted = process.env.npm_config_cache || join(homedir() || tmpdir(), '.npm');
	try {
		mkdirSync(wanted, { recursive: true });
		return wanted;
	} catch {
		return join(tmpdir(), 'npm-cache');
	}
}
