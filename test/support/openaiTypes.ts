import ts from 'typescript';
import { fs, path, process, repositoryRoot } from '../node';

type Declaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration;

// `npm run drift` has the same tests read the types of a newer version.
const folder =
	process.env.OPENAI_RESOURCES ?? path.join(repositoryRoot, 'node_modules/openai/resources');

/** The types of one file of `openai/resources`. */
export class OpenAiTypes {
	private readonly source: ts.SourceFile;

	/** @param resource e.g. `images` */
	constructor(resource: string) {
		const file = path.join(folder, `${resource}.d.ts`);
		const text = fs.readFileSync(file, 'utf8');
		this.source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
	}

	/** Every declaration of a name, wherever it is nested. */
	declarations(name: string): Declaration[] {
		const found: Declaration[] = [];
		const visit = (node: ts.Node) => {
			const isType = ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
			if (isType && node.name.text === name) found.push(node);
			ts.forEachChild(node, visit);
		};
		visit(this.source);
		return found;
	}

	/** The properties of all interfaces of a name, with the texts that their types list. */
	members(name: string): Array<[property: string, values: string[]]> {
		return this.declarations(name).flatMap((declaration) =>
			ts.isInterfaceDeclaration(declaration)
				? declaration.members
						.filter(ts.isPropertySignature)
						.map((member): [string, string[]] => [
							member.name.getText(),
							member.type ? literals(member.type) : [],
						])
				: [],
		);
	}

	/** The texts that a type lists. */
	values(name: string): string[] {
		return this.declarations(name).flatMap(literals);
	}
}

function literals(node: ts.Node): string[] {
	if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) return [node.literal.text];
	const found: string[] = [];
	ts.forEachChild(node, (child) => void found.push(...literals(child)));
	return found;
}
