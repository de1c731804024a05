import { os, path, process } from '../node';

/** Where the suite keeps what takes long to get: outside the repository, between runs. */
export function cacheFolder(): string {
	const { XDG_CACHE_HOME } = process.env;
	const caches = XDG_CACHE_HOME ? XDG_CACHE_HOME : path.join(os.homedir(), '.cache');
	return path.join(caches, 'n8n-nodes-gpt-image');
}
