// Finds the server binary.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const NAME = "access-groups-mock";
const PLATFORM_PACKAGE = `@${NAME}/${process.platform}-${process.arch}`;
const FILE_NAME = process.platform === "win32" ? `${NAME}.exe` : NAME;

/** The server binary was not found; the message lists all searched locations. */
class BinaryNotFound extends Error {
  name = "BinaryNotFound";
}

/**
 * Returns the path of the server binary: the value of the environment variable AGM_BIN if it is set; otherwise the
 * binary in the package for this platform, the binary on PATH, or the latest build, release or debug, of the checkout
 * that contains this package.
 */
function findBinary() {
  const configured = process.env.AGM_BIN;
  if (configured) {
    if (isFile(configured)) return configured;
    throw new BinaryNotFound(`AGM_BIN is \`${configured}\`, which is not a file`);
  }

  const installed = installedBinary();
  if (installed) return installed;

  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  const onPath = folders.map((folder) => path.join(folder, FILE_NAME)).find(isFile);
  if (onPath) return onPath;

  const profiles = ["release", "debug"];
  const candidates = targetFolders().flatMap((target) => profiles.map((profile) => path.join(target, profile, FILE_NAME)));
  // An old release build must not hide a newer debug build.
  const [latest] = candidates.filter(isFile).sort((one, other) => fs.statSync(other).mtimeMs - fs.statSync(one).mtimeMs);
  if (latest) return latest;

  const locations = [
    "the environment variable AGM_BIN: not set",
    `the optional dependency ${PLATFORM_PACKAGE}: not installed`,
    `PATH: ${process.env.PATH ?? ""}`,
    ...(candidates.length > 0 ? candidates : ["cargo's target folder: this package is not in a checkout"]),
  ];
  throw new BinaryNotFound(
    `${NAME} was not found. Build it with \`cargo build\` in its checkout, or set AGM_BIN to its path.\n` +
      `Searched locations:\n${locations.map((location) => `    ${location}`).join("\n")}`,
  );
}

/** Returns the binary in the package for this platform, an optional dependency; undefined if it is not installed. */
function installedBinary() {
  try {
    return require.resolve(`${PLATFORM_PACKAGE}/bin/${FILE_NAME}`);
  } catch {
    return undefined;
  }
}

/** Returns cargo's target folders of the checkout that contains this file; none if it is not in a checkout. */
function targetFolders() {
  // For a package that is linked by npm, the real path is in the checkout.
  const checkout = path.resolve(fs.realpathSync(__dirname), "../../..");
  if (!isFile(path.join(checkout, "Cargo.toml"))) return [];
  const configured = process.env.CARGO_TARGET_DIR;
  return [...(configured ? [configured] : []), path.join(checkout, "target")];
}

function isFile(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

module.exports = { BinaryNotFound, findBinary };
