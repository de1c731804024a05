import { crypto, fs, path, process } from '../../node';
import { freePort } from '../ports';
import { isRoot, programFile, removeFolder, runTool, scratchFolder, startDaemon } from './daemon';

/** A PostgreSQL of the suite's own. */
export interface Postgres {
	host: string;
	port: number;
	database: string;
	user: string;
	password: string;
	/** The rows a query answers, each a list of its columns as text. */
	query(sql: string): Promise<string[][]>;
	stop(): Promise<void>;
}

/** Parts columns and rows in what psql writes: neither occurs in text. */
const COLUMN_END = '\u001f';
const ROW_END = '\u001e';

/** Starts a new PostgreSQL on a free port of 127.0.0.1. Nothing of it outlives `stop`. */
export async function startPostgres(): Promise<Postgres> {
	const folder = scratchFolder('postgres');
	const data = path.join(folder, 'data');
	const passwordFile = path.join(folder, 'password');
	const host = '127.0.0.1';
	const user = 'n8n';
	const database = 'postgres';
	const password = crypto.randomBytes(12).toString('hex');
	fs.writeFileSync(passwordFile, password);
	const as = await unprivileged(folder, passwordFile);
	// What is found in PATH may be a link into the folder with the others.
	const programs = path.dirname(fs.realpathSync(programFile('postgres')));
	const program = (name: string) => path.join(programs, name);
	const locale = ['-E', 'UTF8', '--locale=C', '--no-sync'];
	const login = ['-U', user, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
	const [first = '', ...rest] = [...as, program('initdb'), '-D', data, ...locale, ...login];
	await runTool(first, rest);
	const port = await freePort();
	// Its data need not survive a power cut; without a socket file it needs no folder of the system.
	const settings = ['fsync=off', 'unix_socket_directories=', `listen_addresses=${host}`];
	const daemon = await startDaemon(
		'postgres',
		['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
		(log) => log.includes('ready to accept connections'),
		as,
	);
	const address = ['-h', host, '-p', String(port), '-U', user, '-d', database];
	const format = ['-X', '-q', '-A', '-t', '-F', COLUMN_END, '-R', ROW_END];
	return {
		host,
		port,
		database,
		user,
		password,
		query: async (sql) => {
			const args = [...address, ...format, '-v', 'ON_ERROR_STOP=1', '-c', sql];
			const answer = await runTool(program('psql'), args, { PGPASSWORD: password });
			return answer
				.replace(/\n$/, '')
				.split(ROW_END)
				.filter((row) => row !== '')
				.map((row) => row.split(COLUMN_END));
		},
		stop: async () => {
			// Ends its connections; SIGTERM, which `stop` sends, would wait for them.
			if (daemon.ended() === undefined) process.kill(daemon.pid, 'SIGINT');
			await daemon.stop();
			removeFolder(folder);
		},
	};
}

/** PostgreSQL refuses root. @returns what runs it as the user `postgres`, to whom the files then belong */
async function unprivileged(...files: string[]): Promise<string[]> {
	if (!isRoot()) return [];
	const [uid, gid] = [
		await runTool('id', ['-u', 'postgres']),
		await runTool('id', ['-g', 'postgres']),
	];
	for (const file of files) fs.chownSync(file, Number(uid), Number(gid));
	return ['setpriv', `--reuid=${uid.trim()}`, `--regid=${gid.trim()}`, '--clear-groups', '--'];
}
