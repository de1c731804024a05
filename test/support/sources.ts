import ts from 'typescript';
import { fs, path, repositoryRoot } from '../node';

/** Folders that are no sources of the project. */
const NOT_OURS = ['node_modules', '.git', 'dist', 'demo-output', 'coverage'];

/** Every file of the repository, or of a folder of it, as paths from its root; without what is installed or made. */
export function filesOfRepository(folder = '.'): string[] {
	const entries = fs.readdirSync(path.join(repositoryRoot, folder), { withFileTypes: true });
	return entries
		.filter(({ name }) => !NOT_OURS.includes(name))
		.flatMap((entry) => {
			const name = path.join(folder, entry.name);
			if (entry.isDirectory()) return filesOfRepository(name);
			return entry.isFile() ? [name] : [];
		});
}

/** The text of a file, by its path from the root of the repository. */
export function read(file: string): string {
	return fs.readFileSync(path.resolve(repositoryRoot, file), 'utf8');
}

/** The nodes of a file's syntax tree, TypeScript or JavaScript. */
function* nodesOf(file: string): Generator<ts.Node> {
	const waiting: ts.Node[] = [ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true)];
	for (let node = waiting.pop(); node; node = waiting.pop()) {
		yield node;
		waiting.push(...node.getChildren());
	}
}

/** The modules a file loads, in any way; what is worked out at run time is told as its source text. */
export function modulesOf(file: string): string[] {
	const found: string[] = [];
	for (const node of nodesOf(file)) {
		if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
			if (node.moduleSpecifier) found.push(nameOf(node.moduleSpecifier));
		} else if (ts.isCallExpression(node)) {
			const { expression, arguments: given } = node;
			const isImport = expression.kind === ts.SyntaxKind.ImportKeyword;
			const isRequire = /^(module\.|globalThis\.)?require$/.test(expression.getText());
			if (isImport || isRequire) found.push(...given.map(nameOf));
		} else if (ts.isIdentifier(node) && node.text === 'createRequire') {
			found.push(node.text);
		}
	}
	return found;
}

const nameOf = (node: ts.Node) => (ts.isStringLiteralLike(node) ? node.text : node.getText());

/** The lines of a file, from 1, where the type `any` stands. */
export function linesWithAny(file: string): number[] {
	return [...nodesOf(file)]
		.filter(({ kind }) => kind === ts.SyntaxKind.AnyKeyword)
		.map((node) => node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1);
}

/** The names of the functions that a file declares. */
export function functionsIn(file: string): string[] {
	return [...nodesOf(file)].flatMap((node) =>
		ts.isFunctionDeclaration(node) && node.name ? [node.name.text] : [],
	);
}

/** The cells of the rows of the first table under a heading of a page, its head first. */
export function tableIn(file: string, heading: string): string[][] {
	const [, section = ''] = read(file).split(new RegExp(`^#+ ${heading}$`, 'm'));
	const lines = /(?:^\|.*\n)+/m.exec(section)?.[0].trimEnd().split('\n') ?? [];
	return lines
		.filter((_, index) => index !== 1)
		.map((line) =>
			line
				.slice(1, -1)
				.split('|')
				.map((cell) => cell.trim()),
		);
}
