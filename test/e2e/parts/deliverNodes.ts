import type { INode } from 'n8n-workflow';

import type { Rest } from '../rest';
import { node, type NodeOptions } from '../workflows';
import type { Servers } from './deliverServers';

export const CHAT_ID = '4711';
export const MAIL = { from: 'workflow@example.com', to: 'editor@example.com' };
export const CHANNEL = 'C0POSTERS';

/** Parameter of n8n's nodes that takes a choice from a list. */
const chosen = (value: string) => ({ __rl: true, mode: 'list', value });

/** n8n's own nodes that deliver, each with a credential for its server. One that fails stops no other. */
export async function deliveryNodes(rest: Rest, servers: Servers): Promise<INode[]> {
	const { s3, sftp, postgres, redis, smtp, telegram, discord, uploads } = servers;
	const create = async (name: string, type: string, data: object) => ({
		[type]: await rest.createCredential(name, type, data),
	});
	const deliver = (name: string, type: string, options: NodeOptions) =>
		node(name, type, { onError: 'continueRegularOutput', ...options });
	const { host, port, database, user, password } = postgres;
	return [
		deliver('S3', 's3', {
			parameters: {
				resource: 'file',
				operation: 'upload',
				bucketName: s3.bucket,
				fileName: '={{ $json.fileName }}',
				binaryData: true,
				binaryPropertyName: 'data',
				additionalFields: { parentFolderKey: 'posters' },
				tagsUi: {},
			},
			credentials: await create('S3', 's3', {
				endpoint: s3.endpoint,
				region: s3.region,
				accessKeyId: s3.accessKeyId,
				secretAccessKey: s3.secretAccessKey,
				forcePathStyle: true,
			}),
		}),
		deliver('SFTP', 'ftp', {
			typeVersion: 1.1,
			parameters: {
				protocol: 'sftp',
				operation: 'upload',
				path: `=${sftp.folder}/{{ $json.fileName }}`,
				binaryData: true,
				binaryPropertyName: 'data',
			},
			credentials: await create('SFTP', 'sftp', {
				host: sftp.host,
				port: sftp.port,
				username: sftp.username,
				privateKey: sftp.privateKey,
			}),
		}),
		deliver('Postgres', 'postgres', {
			typeVersion: 2.6,
			parameters: {
				operation: 'insert',
				schema: chosen('public'),
				table: chosen('posters'),
				columns: { mappingMode: 'autoMapInputData', value: {} },
				options: {},
			},
			credentials: await create('Postgres', 'postgres', {
				...{ host, port, database, user, password },
				ssl: 'disable',
			}),
		}),
		deliver('Redis', 'redis', {
			parameters: {
				operation: 'set',
				key: '=poster:{{ $json.fileName }}',
				value: '={{ { cost: $json.cost, size: $json.size } }}',
				keyType: 'hash',
			},
			credentials: await create('Redis', 'redis', { host: redis.host, port: redis.port }),
		}),
		deliver('Send Email', 'emailSend', {
			typeVersion: 2.1,
			parameters: {
				fromEmail: MAIL.from,
				toEmail: MAIL.to,
				subject: '=New poster {{ $json.fileName }}',
				emailFormat: 'text',
				text: 'It is attached.',
				options: { fileAttachments: 'data', appendAttribution: false },
			},
			credentials: await create('SMTP', 'smtp', {
				host: smtp.host,
				port: smtp.port,
				user: smtp.user,
				password: smtp.password,
				secure: false,
			}),
		}),
		deliver('Telegram', 'telegram', {
			typeVersion: 1.2,
			parameters: {
				operation: 'sendPhoto',
				chatId: CHAT_ID,
				binaryData: true,
				binaryPropertyName: 'data',
				additionalFields: { caption: '={{ $json.fileName }}' },
			},
			credentials: await create('Telegram', 'telegramApi', {
				accessToken: telegram.accessToken,
				baseUrl: telegram.url,
			}),
		}),
		deliver('Discord', 'discord', {
			typeVersion: 2,
			parameters: {
				authentication: 'webhook',
				operation: 'sendLegacy',
				content: '=New poster {{ $json.fileName }}',
				files: { values: [{ inputFieldName: 'data' }] },
				options: {},
			},
			credentials: await create('Discord', 'discordWebhookApi', {
				webhookUri: discord.webhookUri,
			}),
		}),
		deliver('HTTP Request', 'httpRequest', {
			typeVersion: 4.2,
			parameters: {
				method: 'POST',
				url: uploads.url,
				authentication: 'genericCredentialType',
				genericAuthType: 'httpBearerAuth',
				sendBody: true,
				contentType: 'multipart-form-data',
				bodyParameters: {
					parameters: [
						{ parameterType: 'formBinaryData', name: 'file', inputDataFieldName: 'data' },
						{ name: 'channel', value: CHANNEL },
					],
				},
				options: {},
			},
			credentials: await create('Upload API', 'httpBearerAuth', { token: uploads.token }),
		}),
	];
}
