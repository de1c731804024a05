import { events, net, type http } from '../node';

/** Has a server listen on a free port of 127.0.0.1. @returns the port */
export async function listen(server: net.Server): Promise<number> {
	await events.once(server.listen(0, '127.0.0.1'), 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('No port from the system');
	return address.port;
}

/** A port of 127.0.0.1 where nobody listens: it was free a moment ago. */
export async function closedPort(): Promise<number> {
	const server = net.createServer();
	const port = await listen(server);
	await new Promise((resolve) => server.close(resolve));
	return port;
}

/** Closes a server, with the connections that are still open. */
export async function close(server: http.Server): Promise<void> {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
}
