import { events, net } from '../node';

/** A TCP port of 127.0.0.1 that is free at the moment. */
export async function freePort(): Promise<number> {
	const server = await listen(0);
	const address = server.address();
	await close(server);
	if (address === null || typeof address === 'string') throw new Error('No port from the system');
	return address.port;
}

/** Whether nobody listens on a TCP port of 127.0.0.1. */
export async function isFree(port: number): Promise<boolean> {
	return await listen(port).then(
		async (server) => await close(server).then(() => true),
		() => false,
	);
}

async function listen(port: number): Promise<net.Server> {
	const server = net.createServer().listen(port, '127.0.0.1');
	await events.once(server, 'listening');
	return server;
}

async function close(server: net.Server): Promise<void> {
	server.close();
	await events.once(server, 'close');
}
