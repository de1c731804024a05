import S3rver from 's3rver';

import { fs, path } from '../../node';
import { removeFolder, scratchFolder } from './daemon';

/** An S3-compatible server of the suite's own, with one bucket. */
export interface S3 {
	endpoint: string;
	port: number;
	region: string;
	accessKeyId: string;
	secretAccessKey: string;
	bucket: string;
	/** Keys of the objects that are stored, sorted. */
	keys(): string[];
	/** An object as it is stored. @throws when there is none of this key */
	object(key: string): { bytes: Buffer; contentType: string | undefined };
	stop(): Promise<void>;
}

/** s3rver knows this account alone, and checks its signatures. */
const ACCOUNT = 'S3RVER';
const BUCKET = 'images';
/** s3rver keeps an object and its headers in files of these names. */
const OBJECT = '._S3rver_object';
const METADATA = '._S3rver_metadata.json';

/** Starts s3rver on a free port of 127.0.0.1. */
export async function startS3(): Promise<S3> {
	const directory = scratchFolder('s3');
	const server = new S3rver({
		address: '127.0.0.1',
		port: 0,
		silent: true,
		directory,
		vhostBuckets: false,
		configureBuckets: [{ name: BUCKET }],
	});
	const { port } = await server.run();
	const bucket = path.join(directory, BUCKET);
	return {
		endpoint: `http://127.0.0.1:${port}`,
		port,
		region: 'us-east-1',
		accessKeyId: ACCOUNT,
		secretAccessKey: ACCOUNT,
		bucket: BUCKET,
		keys: () =>
			fs
				.readdirSync(bucket, { recursive: true, encoding: 'utf8' })
				.filter((name) => name.endsWith(OBJECT))
				.map((name) => name.slice(0, -OBJECT.length))
				.sort(),
		object: (key) => {
			const file = path.join(bucket, `${key}${OBJECT}`);
			const metadata: unknown = JSON.parse(
				fs.readFileSync(path.join(bucket, `${key}${METADATA}`), 'utf8'),
			);
			return { bytes: fs.readFileSync(file), contentType: contentTypeIn(metadata) };
		},
		stop: async () => {
			server.httpServer?.closeAllConnections();
			await server.close();
			removeFolder(directory);
		},
	};
}

function contentTypeIn(metadata: unknown): string | undefined {
	if (typeof metadata !== 'object' || metadata === null) return undefined;
	const type: unknown = 'content-type' in metadata ? metadata['content-type'] : undefined;
	return typeof type === 'string' ? type : undefined;
}
