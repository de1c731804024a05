import { describeFile, type FileObject, type FileStore } from './store';

/** The files of the account, as a test looks at them. */
export interface Files {
	/** All that exist now, oldest first. */
	existing(): Promise<FileObject[]>;
	/** The bytes of one, whatever its purpose; also of one that was deleted or has expired. */
	read(id: string): Promise<Buffer>;
	/** Deletes one as its owner would elsewhere; not counted. */
	lose(id: string): void;
}

export function filesControl(store: FileStore): Files {
	return {
		existing: async () => await Promise.all(store.all().map(describeFile)),
		read: async (id) => await store.read(id),
		lose: (id) => store.lose(id),
	};
}
