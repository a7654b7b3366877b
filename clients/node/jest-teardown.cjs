// The global tear-down of jest: stops the server of the global set-up.
"use strict";

module.exports = async () => globalThis.accessGroupsMock?.stop();
