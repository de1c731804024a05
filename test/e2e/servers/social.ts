import { fastify } from 'fastify';

/** A post that was published. */
export interface Post {
	caption: string;
	/** As it was loaded from its address. */
	contentType: string | null;
	bytes: Buffer;
}

/** An API for posts of the suite's own that takes images by their address only, like Instagram's. */
export interface Social {
	url: string;
	accessToken: string;
	/** Posts in order of arrival. */
	posts: Post[];
	/** How often it said that a post cannot be published yet. */
	early: number;
	stop(): Promise<void>;
}

/**
 * Starts it on a free port of 127.0.0.1: a container is made of the address of a JPEG, which is
 * loaded meanwhile, and published after that. The first try to publish a container always comes too
 * early. https://developers.facebook.com/docs/instagram-platform/content-publishing
 */
export async function startSocial(): Promise<Social> {
	const containers = new Map<string, Promise<Post>>();
	const app = fastify({ forceCloseConnections: true });
	const posts: Post[] = [];
	const social = { accessToken: 'token-of-the-social-api', posts, early: 0 };
	const tried = new Set<string>();
	app.addHook('onRequest', async (request, reply) => {
		const { access_token: token } = Object(request.query);
		if (token !== social.accessToken) return await reply.code(400).send(refusal(190));
	});
	app.post('/:version/:account/media', async (request, reply) => {
		const { image_url: imageUrl, caption } = Object(request.body);
		if (!URL.canParse(String(imageUrl))) return await reply.code(400).send(refusal(9004));
		const id = String(17_900_000 + containers.size);
		containers.set(id, load(String(imageUrl), String(caption)));
		return { id };
	});
	app.post('/:version/:account/media_publish', async (request, reply) => {
		const id = String(Object(request.body).creation_id);
		if (!tried.has(id)) {
			tried.add(id);
			social.early += 1;
			return await reply.code(400).send(refusal(9007));
		}
		const post = await containers.get(id)?.catch(() => undefined);
		if (post?.contentType !== 'image/jpeg') return await reply.code(400).send(refusal(9004));
		posts.push(post);
		return { id: `18${id}` };
	});
	const url = await app.listen({ host: '127.0.0.1', port: 0 });
	return Object.assign(social, { url, stop: async () => await app.close() });
}

/** Codes of https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes */
const MESSAGES = {
	190: 'Invalid OAuth access token.',
	9004: 'The media could not be fetched from this URI.',
	9007: 'The media is not ready for publishing, please wait for a moment',
};

const refusal = (code: keyof typeof MESSAGES) => ({ error: { message: MESSAGES[code], code } });

async function load(url: string, caption: string): Promise<Post> {
	const response = await fetch(url);
	if (!response.ok) throw new Error(`${url}: ${response.status}`);
	const bytes = Buffer.from(await response.arrayBuffer());
	return { caption, contentType: response.headers.get('content-type'), bytes };
}
