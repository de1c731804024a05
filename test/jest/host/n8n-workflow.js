const workflow = globalThis.host('n8n-workflow');

// The very same module; only `sleep`, by which the node waits, can be replaced in a test.
module.exports = Object.create(workflow, {
	sleep: { value: workflow.sleep, enumerable: true, writable: true },
});
