// What TypeScript knows, besides n8n's rules in eslint.config.mjs (which n8n allows nobody to change): values of
// type any that leak, promises nobody waits for, errors that are none. `npm run lint` runs both.
import { createRequire } from 'node:module';

// The one that n8n's own rules come with.
const cli = createRequire(createRequire(import.meta.url).resolve('@n8n/node-cli/eslint'));
const tseslint = cli('typescript-eslint');

export default tseslint.config(
	// The one file in which a rule of n8n's is switched off.
	{ ignores: ['test/node.ts'] },
	{
		files: ['{bench,credentials,nodes,scripts,test}/**/*.ts'],
		extends: [tseslint.configs.strictTypeChecked],
		// No rule here is switched off for a line.
		linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' },
		languageOptions: {
			parserOptions: { project: 'test/tsconfig.json', tsconfigRootDir: import.meta.dirname },
		},
		rules: {
			// Numbers read in a text as they are meant to.
			'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
			// `return stop()` ends a function early.
			'@typescript-eslint/no-confusing-void-expression': [
				'error',
				{ ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
			],
			// What was caught, and the reason of an abort, are handed on as they came.
			'@typescript-eslint/only-throw-error': 'off',
			'@typescript-eslint/prefer-promise-reject-errors': [
				'error',
				{ allowThrowingAny: true, allowThrowingUnknown: true },
			],
			// Texts are taken apart by characters on purpose.
			'@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
			// This version does not know the async generators of the newer type of Node's streams.
			'@typescript-eslint/await-thenable': 'off',
			// `.finally(cleanUp)` waits for a promise, whatever its type says.
			'@typescript-eslint/no-misused-promises': [
				'error',
				{ checksVoidReturn: { arguments: false } },
			],
			// An async function without await turns what it throws into a rejection.
			'@typescript-eslint/require-await': 'off',
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', ignoreRestSiblings: true },
			],
			// n8n's JSON may hold anything; as text, [object Object] is as good as another wrong value.
			'@typescript-eslint/no-base-to-string': 'off',
		},
	},
	{
		files: ['{bench,scripts,test}/**/*.ts'],
		rules: {
			// Helpers are handed out as objects of functions without `this`.
			'@typescript-eslint/unbound-method': 'off',
			// Jest's matchers and parsed answers are of type any, and what is wrong with them is seen at once.
			'@typescript-eslint/no-unsafe-argument': 'off',
			'@typescript-eslint/no-unsafe-assignment': 'off',
			'@typescript-eslint/no-unsafe-call': 'off',
			'@typescript-eslint/no-unsafe-member-access': 'off',
			'@typescript-eslint/no-unsafe-return': 'off',
			'@typescript-eslint/restrict-plus-operands': 'off',
			'@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
			// What a callback changes meanwhile, the compiler does not see.
			'@typescript-eslint/no-unnecessary-condition': 'off',
			// Says what comes back where nothing else can: of JSON, or of an n8n of another version.
			'@typescript-eslint/no-misused-spread': 'off',
			'@typescript-eslint/no-unnecessary-type-conversion': 'off',
			'@typescript-eslint/no-unnecessary-type-parameters': 'off',
			'@typescript-eslint/no-dynamic-delete': 'off',
			// `void` in front of a value that is only waited for.
			'@typescript-eslint/no-meaningless-void-operator': 'off',
		},
	},
	{
		// n8n's helper and Object.create are of type any; what they return is given its type there, once.
		files: ['nodes/GptImage/openai/client.ts'],
		rules: {
			'@typescript-eslint/no-unsafe-assignment': 'off',
			'@typescript-eslint/no-unsafe-return': 'off',
		},
	},
);
