import type { INodeParameterResourceLocator } from 'n8n-workflow';

/** The Model field as the editor saves it; an id may be an expression. */
export function modelById(value: string): INodeParameterResourceLocator {
	return { __rl: true, mode: 'id', value };
}

/** The Images field with one row that takes these binary fields. */
export function imagesFrom(...fields: string[]) {
	return { image: [{ source: 'binary', binaryPropertyName: fields.join(',') }] };
}
