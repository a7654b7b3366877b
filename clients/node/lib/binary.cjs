// Finds the program.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const NAME = "access-groups-mock";
const FILE_NAME = process.platform === "win32" ? `${NAME}.exe` : NAME;

/** The program is in none of the places where it is looked for; the text names them all. */
class BinaryNotFound extends Error {
  name = "BinaryNotFound";
}

/**
 * Returns the path of the program: what the environment variable AGM_BIN names, else the one on PATH, else the latest
 * build, release or debug, of the checkout that holds this package.
 */
function findBinary() {
  const named = process.env.AGM_BIN;
  if (named) {
    if (isFile(named)) return named;
    throw new BinaryNotFound(`AGM_BIN names \`${named}\`, which is not a file`);
  }

  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  const onPath = folders.map((folder) => path.join(folder, FILE_NAME)).find(isFile);
  if (onPath) return onPath;

  const built = targetFolders().flatMap((target) => ["release", "debug"].map((kind) => path.join(target, kind, FILE_NAME)));
  // An old release build must not stand in the way of what was built a minute ago.
  const [latest] = built.filter(isFile).sort((one, other) => fs.statSync(other).mtimeMs - fs.statSync(one).mtimeMs);
  if (latest) return latest;

  const lookedAt = [
    "the environment variable AGM_BIN: not set",
    `PATH: ${process.env.PATH ?? ""}`,
    ...(built.length > 0 ? built : ["cargo's target folder: this package is in no checkout"]),
  ];
  throw new BinaryNotFound(
    `${NAME} was not found. Build it with \`cargo build\` in its checkout, or name it in AGM_BIN.\n` +
      `Looked at:\n${lookedAt.map((place) => `    ${place}`).join("\n")}`,
  );
}

/** Returns cargo's target folders of the checkout that holds this file; none when it is in no checkout. */
function targetFolders() {
  // A package that npm has linked is found by its real path, which is in the checkout.
  const checkout = path.resolve(fs.realpathSync(__dirname), "../../..");
  if (!isFile(path.join(checkout, "Cargo.toml"))) return [];
  const named = process.env.CARGO_TARGET_DIR;
  return [...(named ? [named] : []), path.join(checkout, "target")];
}

function isFile(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

module.exports = { BinaryNotFound, findBinary };
