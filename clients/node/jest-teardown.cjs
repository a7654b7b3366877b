// The global teardown of jest: stops the server of the global setup.
"use strict";

module.exports = async () => globalThis.accessGroupsMock?.stop();
