import { fs, path, process } from '../node';

/** Where a program is, besides the folders of PATH, and the Debian package that brings it. */
const PROGRAMS = {
	chromium: { debian: 'chromium', folders: [] },
	'redis-server': { debian: 'redis-server', folders: [] },
	postgres: { debian: 'postgresql', folders: ['/usr/lib/postgresql'] },
	sshd: { debian: 'openssh-server', folders: ['/usr/sbin'] },
} satisfies Record<string, { debian: string; folders: string[] }>;

/** A program of the system that parts of the suite may need. */
export type Program = keyof typeof PROGRAMS;

/** Path of a program, or undefined when it is not installed. */
export function findProgram(program: Program): string | undefined {
	const { folders } = PROGRAMS[program];
	return [...(process.env.PATH ?? '').split(path.delimiter), ...folders.flatMap(binFolders)]
		.map((folder) => path.join(folder, program))
		.find((file) => fs.existsSync(file));
}

/** Why a part cannot run: the packages of the programs that are missing; undefined when none is. */
export function missingPrograms(programs: Program[]): string | undefined {
	const missing = programs.filter((program) => !findProgram(program));
	const packages = missing.map((program) => PROGRAMS[program].debian);
	return packages.length > 0 ? `needs Debian package ${packages.join(', ')}` : undefined;
}

/** The folder itself, and the `bin` of each version in it (as PostgreSQL has them), newest first. */
function binFolders(folder: string): string[] {
	if (!fs.existsSync(folder)) return [];
	const versions = fs.readdirSync(folder).sort((a, b) => Number(b) - Number(a));
	return [folder, ...versions.map((version) => path.join(folder, version, 'bin'))];
}
