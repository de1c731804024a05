import 'reflect-metadata';
import { fs, os, path, process, util } from '../node';

/** n8n's user folder in this process: its settings and its binary store. Gone when the process ends. */
export const userFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-engine-'));
process.once('exit', () => fs.rmSync(userFolder, { recursive: true, force: true }));

// n8n-core reads its settings once, when it is first imported: every file that imports n8n-core
// imports this one before it.
Object.assign(process.env, {
	N8N_USER_FOLDER: userFolder,
	N8N_ENCRYPTION_KEY: 'engine',
	N8N_LOG_LEVEL: 'silent',
	// Read/Write Files may go anywhere; n8n's default allows ~/.n8n-files only.
	N8N_RESTRICT_FILE_ACCESS_TO: '',
	// The servers of tests and demo are local, whatever proxy the machine has.
	NO_PROXY: ['127.0.0.1', 'localhost', process.env.NO_PROXY].filter(Boolean).join(','),
});

// jest gives tests a second `Error`; what Node itself throws (sockets, files) is an instance of the
// first, and n8n's `instanceof Error` would say no where it says yes in n8n.
Object.defineProperty(Error, Symbol.hasInstance, {
	value(this: typeof Error, value: unknown) {
		const native = this === Error && util.types.isNativeError(value);
		return native || Function.prototype[Symbol.hasInstance].call(this, value);
	},
});
