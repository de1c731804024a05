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
	jsonBytes: 512 * KB,
	/** Levels of the JSON of an answer or an error that are read. */
	jsonDepth: 500,
	/** Bytes of a line of an event stream that is not data. */
	lineBytes: 64 * KB,
	/** Bytes of one decoded image of an answer. The largest of the API has some 30 MB. */
	imageBytes: 128 * MB,
	/** Previews of one answer; the API sends up to three for an image. */
	previewsPerAnswer: 30,
	/** Bytes of an input image: the API's own (`openai` 7.57.0, `ImageEditParams.image`). */
	inputBytes: 50 * MB,
	/** Bytes of the base64 text of an input image, white space included. */
	inputTextBytes: 100 * MB,
	/** First bytes of a file that are looked at to tell what it is; of a text in XML, for its first element. */
	headBytes: 4 * KB,
	prologBytes: 64 * KB,
	/** Bytes of one piece of metadata that are looked at, as much as a JPEG segment holds; longer ones are passed over. */
	metadataBytes: 65_535,
	/** Bytes of a mask: the API's own (`openai` 7.57.0, `ImageEditParams.mask`). */
	maskBytes: 4 * MB,
	/** Pixels of an image for which a mask is drawn: of a side, and in all. More than any camera's. */
	maskSide: 30_000,
	maskPixels: 120_000_000,
	/** Shapes of a mask, and how far they may reach in their unit: each is looked at for each row. */
	maskShapes: 200,
	maskReach: 1_000_000,
	/** Pixels of a PNG that is decoded, and bytes of the colour profile that is kept of it. */
	decodedPixels: 4096 * 4096,
	profileBytes: 4 * MB,
	/** Characters of the name of a binary field, of an image's URL, and of a file's ID. */
	fieldCharacters: 200,
	urlCharacters: 8192,
	fileIdCharacters: 200,
	/** Milliseconds that an answer may take after its last image is whole. */
	afterImagesMs: 5000,
	/** Bytes of a list of models, and how many of it are shown. */
	modelListBytes: 4 * MB,
	models: 500,
} as const;
