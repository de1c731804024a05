const KB = 1024;
const MB = 1024 * KB;

/**
 * How much of what comes from outside is looked at, kept or passed on; checked before memory or time is spent.
 * SECURITY.md tells them, and a test holds it against this table.
 */
export const BOUNDS = {
	/** Bytes of the text of an error; the rest is not read. A prompt of 32,000 characters fits, escaped. */
	errorBytes: 256 * KB,
	/** Characters of a text of the API in an item, an error, a hint or a list. */
	textCharacters: 500,
	/** Characters of a name of the API: a code, a type, a field, a request ID, a model. */
	nameCharacters: 100,
	/** Characters of an error in which known words are looked for: a prompt of 32,000 and what stands around it. */
	wordCharacters: 40_000,
	/** Levels and values of a JSON of the API that are passed on in an item. */
	jsonLevels: 8,
	jsonValues: 300,
	/** Bytes of the JSON of an answer, or of one event, beside its images. */
	jsonBytes: MB,
	/** Bytes of a line of an event stream that is not data. */
	lineBytes: 64 * KB,
	/** Bytes of one decoded image of an answer. The largest of the API has some 30 MB. */
	imageBytes: 128 * MB,
	/** Images of one answer, if no more were asked for; the API makes no more in one request. */
	imagesPerAnswer: 10,
	/** Previews of one answer; the API sends up to three for an image. */
	previewsPerAnswer: 30,
	/** Milliseconds that an answer may take after its last image is whole. */
	afterImagesMs: 5000,
	/** Bytes of a list of models, and how many of it are shown. */
	modelListBytes: 4 * MB,
	models: 500,
} as const;
