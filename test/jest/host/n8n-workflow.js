module.exports = globalThis.host('n8n-workflow');
