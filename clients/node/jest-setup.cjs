// The global setup of jest: one server for the run, with its URL in AGM_URL.
"use strict";

const { start } = require("./index.cjs");

module.exports = async () => {
  const server = await start();
  process.env.AGM_URL = server.url;
  globalThis.accessGroupsMock = server;
};
