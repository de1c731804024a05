import { childProcess, fs, os, path, process } from '../../test/node';

/** A fresh clone, with a home that nobody has used. */
export interface Clone {
	folder: string;
	env: Record<string, string>;
	/** Takes changes of a command back. @returns the files it had changed */
	restore(): string[];
	remove(): void;
}

/** What a command needs to know of the machine: how it reaches the network, and what it speaks. */
const PASSED_ON =
	/^(LANG|LC_ALL|TERM|TMPDIR|(HTTPS?|NO|ALL)_PROXY|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE)$/i;

/** Clones the last commit of a repository into a temporary folder. @throws Error when it is none */
export function makeClone(repository: string): Clone {
	const work = fs.mkdtempSync(path.join(os.tmpdir(), 'commands-'));
	const [folder, home] = [path.join(work, 'clone'), path.join(work, 'home')];
	fs.mkdirSync(home);
	childProcess.execFileSync('git', ['clone', '--quiet', repository, folder]);
	const git = (...args: string[]) =>
		childProcess.execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
	return {
		folder,
		env: environment(home),
		restore: () => {
			const changed = git('status', '--porcelain').split('\n').filter(Boolean);
			git('checkout', '--quiet', '--', '.');
			git('clean', '--quiet', '--force', '-d');
			return changed.map((line) => line.slice(3));
		},
		remove: () => fs.rmSync(work, { recursive: true, force: true }),
	};
}

function environment(home: string): Record<string, string> {
	const passed = Object.entries(process.env).flatMap(
		([name, value]): Array<[string, string]> =>
			PASSED_ON.test(name) && value !== undefined ? [[name, value]] : [],
	);
	// npm puts the tools of this folder before all others.
	const programs = (process.env.PATH ?? '')
		.split(path.delimiter)
		.filter((folder) => !folder.includes('node_modules'));
	return {
		...Object.fromEntries(passed),
		PATH: programs.join(path.delimiter),
		HOME: home,
		CI: 'true',
		NO_COLOR: '1',
		npm_config_registry: registry(),
	};
}

/** The one the user's npm takes packages from: the empty home does not know it. */
function registry(): string {
	return childProcess
		.execFileSync('npm', ['config', 'get', 'registry', '--loglevel=error'], { encoding: 'utf8' })
		.trim();
}
