const PAGES = 'https://github.com/n8n-nodes-gpt-image/n8n-nodes-gpt-image/blob/main/docs';

/**
 * A link to one of our pages, for the end of a description.
 *
 * @param page name of a file in `docs/`, with the heading after `#` where there is one
 * @param words what is clicked
 */
export const docsLink = (page: string, words: string) =>
	`<a href="${PAGES}/${page}" target="_blank">${words}</a>`;
