module.exports = globalThis.host('./environment');
