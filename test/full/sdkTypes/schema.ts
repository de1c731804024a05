import ts from 'typescript';
import { path, repositoryRoot } from '../../node';

/** A JSON schema. */
export interface Schema {
	[keyword: string]: unknown;
}

/** What stands for a file in what is checked; the SDK takes many kinds of them. */
const FILE: Schema = closed({ contentType: { type: 'string' } }, ['contentType']);

const RESOURCES = ['images', 'files', 'batches', 'models'];

const sources = RESOURCES.map((name) =>
	path.join(repositoryRoot, 'node_modules/openai/resources', `${name}.d.ts`),
);
const program = ts.createProgram(sources, {
	module: ts.ModuleKind.NodeNext,
	moduleResolution: ts.ModuleResolutionKind.NodeNext,
	strict: true,
	noLib: true,
});
const checker = program.getTypeChecker();

/**
 * Makes a JSON schema of a type of the installed `openai`; it has no other fields than the type.
 *
 * @param name of a type that `openai/resources` exports for images, files, batches or models
 * @throws Error for a type that is not there, or is of a kind that is not known here
 */
export function schemaOf(name: string): Schema {
	for (const file of sources) {
		const source = program.getSourceFile(file);
		const module = source && checker.getSymbolAtLocation(source);
		const found = module && checker.getExportsOfModule(module).find((one) => one.name === name);
		if (found) return ofSymbol(found);
	}
	throw new Error(`openai exports no ${name}`);
}

function ofSymbol(symbol: ts.Symbol): Schema {
	const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
	if (target.name === 'Uploadable') return FILE;
	for (const declaration of target.declarations ?? []) {
		if (ts.isTypeAliasDeclaration(declaration)) return ofNode(declaration.type);
		if (ts.isInterfaceDeclaration(declaration)) return ofInterface(declaration);
	}
	throw new Error(`${target.name} is neither an interface nor an alias`);
}

function ofInterface(declaration: ts.InterfaceDeclaration): Schema {
	const properties: Record<string, Schema> = {};
	const required: string[] = [];
	// Those of the types it extends are among them.
	for (const property of checker.getTypeAtLocation(declaration).getProperties()) {
		const [member] = property.declarations ?? [];
		if (!member || !ts.isPropertySignature(member) || !member.type) {
			throw new Error(`${declaration.name.text}.${property.name} is no property`);
		}
		properties[property.name] = ofNode(member.type);
		if (!member.questionToken) required.push(property.name);
	}
	return closed(properties, required);
}

function ofNode(node: ts.TypeNode): Schema {
	if (ts.isUnionTypeNode(node)) return { anyOf: node.types.map(ofNode) };
	if (ts.isLiteralTypeNode(node)) return ofLiteral(node.literal);
	if (ts.isParenthesizedTypeNode(node)) return ofNode(node.type);
	if (ts.isArrayTypeNode(node)) return { type: 'array', items: ofNode(node.elementType) };
	// `string & {}`, which lets editors offer the values beside it.
	if (ts.isIntersectionTypeNode(node) && node.types[0]) return ofNode(node.types[0]);
	if (ts.isTypeLiteralNode(node)) return ofDictionary(node);
	if (ts.isTypeReferenceNode(node)) return ofReference(node);
	switch (node.kind) {
		case ts.SyntaxKind.StringKeyword:
			return { type: 'string' };
		case ts.SyntaxKind.NumberKeyword:
			return { type: 'number' };
		case ts.SyntaxKind.BooleanKeyword:
			return { type: 'boolean' };
		default:
			throw new Error(`${node.getText()} is of a kind that is not known here`);
	}
}

function ofReference({ typeName, typeArguments }: ts.TypeReferenceNode): Schema {
	const [item] = typeArguments ?? [];
	if (typeName.getText() === 'Array' && item) return { type: 'array', items: ofNode(item) };
	const symbol = checker.getSymbolAtLocation(typeName);
	if (!symbol) throw new Error(`${typeName.getText()} is not found`);
	return ofSymbol(symbol);
}

function ofLiteral(literal: ts.LiteralTypeNode['literal']): Schema {
	if (ts.isStringLiteral(literal)) return { const: literal.text };
	switch (literal.kind) {
		case ts.SyntaxKind.TrueKeyword:
			return { type: 'boolean', const: true };
		case ts.SyntaxKind.FalseKeyword:
			return { type: 'boolean', const: false };
		case ts.SyntaxKind.NullKeyword:
			return { type: 'null' };
		default:
			throw new Error(`${literal.getText()} is a literal that is not known here`);
	}
}

/** `{ [key: string]: string }` */
function ofDictionary({ members }: ts.TypeLiteralNode): Schema {
	const [member] = members;
	if (!member || !ts.isIndexSignatureDeclaration(member)) {
		throw new Error('Only dictionaries are known among literal types');
	}
	return { type: 'object', additionalProperties: ofNode(member.type) };
}

/** An object of just these fields. */
export function closed(properties: Record<string, Schema>, required: string[] = []): Schema {
	return { type: 'object', properties, required, additionalProperties: false };
}
