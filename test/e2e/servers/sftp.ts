import { fs, os, path } from '../../node';
import { freePort } from '../ports';
import { isListening, isRoot, removeFolder, runTool, scratchFolder, startDaemon } from './daemon';

/** An SFTP server of the suite's own. */
export interface Sftp {
	host: string;
	port: number;
	username: string;
	/** In OpenSSH's format; the only one that may log in. */
	privateKey: string;
	/** Absolute path of the folder to upload to. */
	folder: string;
	log(): string;
	stop(): Promise<void>;
}

/** Where sshd, run by root, wants an empty folder. */
const PRIVILEGE_SEPARATION = '/run/sshd';

/**
 * Starts OpenSSH's server on a free port of 127.0.0.1. It lets this user in, by a key made for it,
 * and only to files.
 */
export async function startSftp(): Promise<Sftp> {
	const home = scratchFolder('sftp');
	const folder = path.join(home, 'uploads');
	const hostKey = path.join(home, 'host-key');
	const userKey = path.join(home, 'user-key');
	const keys = path.join(home, 'authorized-keys');
	fs.mkdirSync(folder);
	for (const file of [hostKey, userKey]) {
		await runTool('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file]);
	}
	fs.copyFileSync(`${userKey}.pub`, keys);
	if (isRoot()) fs.mkdirSync(PRIVILEGE_SEPARATION, { recursive: true, mode: 0o755 });
	const host = '127.0.0.1';
	const port = await freePort();
	const { username } = os.userInfo();
	const config = path.join(home, 'sshd_config');
	fs.writeFileSync(config, configuration({ host, port, hostKey, keys, username }));
	const daemon = await startDaemon(
		'sshd',
		['-D', '-e', '-f', config],
		async () => await isListening(port),
	);
	return {
		host,
		port,
		username,
		privateKey: fs.readFileSync(userKey, 'utf8'),
		folder,
		log: daemon.log,
		stop: async () => {
			await daemon.stop();
			removeFolder(home);
		},
	};
}

interface Settings {
	host: string;
	port: number;
	hostKey: string;
	keys: string;
	username: string;
}

function configuration({ host, port, hostKey, keys, username }: Settings): string {
	return [
		`ListenAddress ${host}`,
		`Port ${port}`,
		`HostKey ${hostKey}`,
		`AuthorizedKeysFile ${keys}`,
		`AllowUsers ${username}`,
		'AuthenticationMethods publickey',
		'PermitRootLogin prohibit-password',
		// The folder for temporary files may be written by everybody.
		'StrictModes no',
		'UsePAM no',
		'PidFile none',
		'LogLevel VERBOSE',
		'Subsystem sftp internal-sftp',
		'ForceCommand internal-sftp',
		'',
	].join('\n');
}
