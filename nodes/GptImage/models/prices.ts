/** What tokens cost, in USD per million. */
export interface Prices {
	textInput: number;
	imageInput: number;
	imageOutput: number;
	/** Text the model writes besides the image; only some models charge for it. */
	textOutput: number;
}

/** The day the prices below were read, YYYY-MM-DD. */
export const PRICES_DATE = '2026-11-22';

// At full price, of OpenAI's model pages and image guide; gpt-image-1.5 and -mini as pricing data sets have them.
export const PRICES_2: Prices = { textInput: 5, imageInput: 8, imageOutput: 30, textOutput: 0 };
export const PRICES_15: Prices = { textInput: 5, imageInput: 8, imageOutput: 32, textOutput: 10 };
export const PRICES_MINI: Prices = { textInput: 2, imageInput: 2.5, imageOutput: 8, textOutput: 0 };
export const PRICES_1: Prices = { textInput: 5, imageInput: 10, imageOutput: 40, textOutput: 0 };
