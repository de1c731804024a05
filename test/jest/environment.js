const { TestEnvironment } = require('jest-environment-node');
const harnessEnvironment = require('../harness/environment');

/**
 * Loads the packages of `./host` once in each of jest's workers and not once more for every file: n8n's
 * engine alone is 2,000 modules. The project's own code is still loaded by each test file, so that its
 * coverage is measured and its state is fresh.
 */
module.exports = class extends TestEnvironment {
	async setup() {
		await super.setup();
		// What the files of `./host` hand on, in the sandbox that jest makes for each test file.
		this.global.host = (name) => (name === './environment' ? harnessEnvironment : require(name));
	}
};
