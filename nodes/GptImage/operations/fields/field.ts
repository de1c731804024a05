import type { INodeProperties, NodePropertyTypes } from 'n8n-workflow';

/** A field of the panel whose name and type the compiler knows. */
export type Field<
	Name extends string = string,
	Type extends NodePropertyTypes = NodePropertyTypes,
> = INodeProperties & { name: Name; type: Type };

/** Declares a field; code that reads it by another name, or as another type, does not compile. */
export const field = <const Name extends string, const Type extends NodePropertyTypes>(
	declared: Field<Name, Type>,
): Field<Name, Type> => declared;

/** The names of fields, or of those of a type. */
export type NameOf<
	Declared extends Field,
	Type extends NodePropertyTypes = NodePropertyTypes,
> = Extract<Declared, { type: Type }>['name'];
