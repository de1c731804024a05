const { rm } = require('node:fs/promises');
const { dest, src } = require('gulp');

// tsc owns the code, gulp owns the static files (n8n-node build would ship every picture of the repository).
exports.clean = async () => await rm('dist', { recursive: true, force: true });
exports['build:icons'] = () => src('icons/*.svg').pipe(dest('dist/icons'));
