// The code is CommonJS, so that jest can load it without flags, and so that classes are the same in both module systems.
import all from "./index.cjs";

export const {
  Admin, AdminError, BinaryNotFound, Mock, Namespace, Server, StartError, VerificationError, connect, findBinary, start,
} = all;
