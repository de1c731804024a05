import tseslint from 'typescript-eslint';

export default tseslint.config({
	files: ['{bench,credentials,nodes,scripts,test}/**/*.ts'],
	linterOptions: { noInlineConfig: true },
	extends: [tseslint.configs.strictTypeChecked],
	languageOptions: {
		parserOptions: { project: 'test/tsconfig.json', tsconfigRootDir: import.meta.dirname },
	},
	rules: {
		'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
		'@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
		'@typescript-eslint/require-await': 'off',
	},
});
