"use strict";

const { Admin, AdminError, VerificationError } = require("./lib/admin.cjs");
const { BinaryNotFound, findBinary } = require("./lib/binary.cjs");
const { Mock, Namespace, Server, StartError, connect, start } = require("./lib/server.cjs");

module.exports = {
  Admin, AdminError, BinaryNotFound, Mock, Namespace, Server, StartError, VerificationError, connect, findBinary, start,
};
