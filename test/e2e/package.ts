import { jsonParse } from 'n8n-workflow';
import { fs, os, path, process, repositoryRoot } from '../node';
import { runProcess } from './processes';

/** What npm's tools read of the environment. */
const env = () => ({ PATH: process.env.PATH ?? '', HOME: os.homedir() });

/** What is read in a package.json. */
interface Manifest {
	name: string;
	version: string;
	[key: string]: unknown;
}

/** A packed package. */
export interface Tarball {
	file: string;
	remove(): Promise<void>;
}

/** Packs this repository as npm would publish it: what was built before, not built anew. */
export async function packPackage(): Promise<Tarball> {
	const folder = await fs.promises.mkdtemp(path.join(os.tmpdir(), 'gpt-image-tarball-'));
	await runProcess('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
		cwd: repositoryRoot,
		env: env(),
	});
	const [name] = await fs.promises.readdir(folder);
	if (!name) throw new Error('npm packed nothing');
	const remove = async () => await fs.promises.rm(folder, { recursive: true, force: true });
	return { file: path.join(folder, name), remove };
}

/**
 * Puts a package into a user folder of n8n the way its own installer does
 * (CommunityPackagesService.downloadPackage of n8n 2.41.1): unpacked, without its development, peer
 * and optional dependencies, the others installed beside it without scripts. The installer itself
 * only takes packages from the registry.
 * @returns the folder of the package
 */
export async function installPackage(tarball: string, userFolder: string): Promise<string> {
	const nodes = path.join(userFolder, '.n8n', 'nodes');
	const unpacked = path.join(nodes, 'unpacked');
	await fs.promises.rm(unpacked, { recursive: true, force: true });
	await fs.promises.mkdir(unpacked, { recursive: true });
	await runProcess('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1'], {
		env: env(),
	});
	const manifest = await readManifest(path.join(unpacked, 'package.json'));
	const { name, version } = manifest;
	const folder = path.join(nodes, 'node_modules', name);
	await fs.promises.rm(folder, { recursive: true, force: true });
	await fs.promises.mkdir(path.dirname(folder), { recursive: true });
	await fs.promises.rename(unpacked, folder);
	for (const key of ['devDependencies', 'peerDependencies', 'optionalDependencies']) {
		Reflect.deleteProperty(manifest, key);
	}
	await writeJson(path.join(folder, 'package.json'), manifest);
	await runProcess('npm', ['install', ...INSTALL], { cwd: folder, env: env() });
	await writeJson(path.join(nodes, 'package.json'), {
		name: 'installed-nodes',
		private: true,
		dependencies: { [name]: version },
	});
	return folder;
}

/** The installer's own arguments. */
const INSTALL = [
	'--audit=false',
	'--fund=false',
	'--bin-links=false',
	'--install-strategy=shallow',
	'--ignore-scripts=true',
	'--package-lock=false',
];

async function readManifest(file: string): Promise<Manifest> {
	return jsonParse<Manifest>(await fs.promises.readFile(file, 'utf8'));
}

async function writeJson(file: string, value: unknown): Promise<void> {
	await fs.promises.writeFile(file, JSON.stringify(value, null, 2));
}
