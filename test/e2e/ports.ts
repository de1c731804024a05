import { events, net } from '../node';

/**
 * A TCP port of 127.0.0.1 that is free at the moment.
 * @param wanted is taken if it is free
 */
export async function freePort(wanted = 0): Promise<number> {
	const server = net.createServer().listen(wanted, '127.0.0.1');
	const isFree = await events.once(server, 'listening').then(
		() => true,
		() => false,
	);
	if (!isFree && wanted !== 0) return await freePort();
	const address = server.address();
	server.close();
	await events.once(server, 'close');
	if (address === null || typeof address === 'string') throw new Error('No port from the system');
	return address.port;
}
