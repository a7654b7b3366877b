#!/usr/bin/env node
// Runs the server binary with the same arguments, as `npx access-groups-mock`.
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");

const { findBinary } = require("../lib/binary.cjs");

const server = spawn(findBinary(), process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => server.kill(signal));
}
server.on("error", (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
server.on("exit", (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
