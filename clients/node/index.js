// The code is CommonJS, so that jest can load it without flags; an `instanceof` holds whichever way it was loaded.
import all from "./index.cjs";

export const {
  Admin, AdminError, BinaryNotFound, Mock, Namespace, Server, StartError, VerificationError, connect, findBinary, start,
} = all;
