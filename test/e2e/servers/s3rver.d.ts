/** What the suite uses of s3rver, which has no types of its own. */
declare module 's3rver' {
	export default class S3rver {
		constructor(options: {
			address: string;
			port: number;
			silent: boolean;
			/** Where it keeps buckets and objects. */
			directory: string;
			vhostBuckets: boolean;
			configureBuckets: Array<{ name: string }>;
		});
		httpServer?: { closeAllConnections(): void };
		run(): Promise<{ port: number }>;
		close(): Promise<void>;
	}
}
