// Starts the server, and knows the URLs of a mock.
"use strict";

const { spawn } = require("node:child_process");
const { randomBytes } = require("node:crypto");
const { once } = require("node:events");
const { createInterface } = require("node:readline");
const { setTimeout: wait } = require("node:timers/promises");

const { Admin } = require("./admin.cjs");
const { findBinary } = require("./binary.cjs");

/** How long the name of a namespace may be. */
const LONGEST_NAME = 128;

/** How long a server may take to stop before it is killed, in milliseconds. */
const TIME_TO_STOP = 5_000;

/** How much of standard error is kept, in characters. */
const LONGEST_LOG = 65_536;

/** The server did not become ready; the text holds its standard error. */
class StartError extends Error {
  name = "StartError";
}

/** A running mock: the default namespace of a server, or one of its namespaces. */
class Mock {
  #diagnose;

  constructor(url, { name = "default", diagnose } = {}) {
    this.name = name;
    this.url = url.replace(/\/+$/, "");
    this.urls = { cloudflare: `${this.url}/client/v4`, ibm: this.url, authress: this.url, legacy: this.url };
    this.admin = new Admin(this.url, { diagnose });
    this.#diagnose = diagnose;
  }

  namespace(label = "test") {
    const ending = `-${randomBytes(4).toString("hex")}`;
    const name = label.replace(/[^A-Za-z0-9._~:@+-]+/g, "-").slice(0, LONGEST_NAME - ending.length) + ending;
    return new Namespace(this, name, this.#diagnose);
  }
}

/** A mock of its own on a server. */
class Namespace extends Mock {
  #parent;

  constructor(parent, name, diagnose) {
    super(`${parent.url}/ns/${name}`, { name, diagnose });
    this.#parent = parent;
  }

  async delete() {
    try {
      await this.#parent.admin.call("DELETE", `/namespaces/${this.name}`);
    } catch (error) {
      // It comes into being with its first request, which perhaps never came.
      if (error.status !== 404) throw error;
    }
  }

  async [Symbol.asyncDispose]() {
    await this.delete();
  }
}

/** A server of its own. */
class Server extends Mock {
  #run;

  constructor(url, run) {
    super(url, { diagnose: () => run.lastWords() });
    this.pid = run.child.pid;
    this.#run = run;
  }

  async stop() {
    return this.#run.end();
  }

  stderr() {
    return this.#run.log();
  }

  async [Symbol.asyncDispose]() {
    await this.stop();
  }
}

/** A process of the program. */
class Run {
  #log = "";
  #ended;
  #kill = () => this.child.kill("SIGKILL");

  constructor(command) {
    this.child = spawn(command[0], command.slice(1), { stdio: ["ignore", "pipe", "pipe"], env: environment() });
    this.child.stderr.setEncoding("utf8");
    this.child.stderr.on("data", (text) => (this.#log = (this.#log + text).slice(-LONGEST_LOG)));
    // `close` comes when standard error has been read to its end.
    this.#ended = new Promise((resolve) => {
      this.child.on("error", (error) => resolve({ code: null, how: `could not be run: ${error.message}` }));
      this.child.on("close", (code, signal) => resolve({ code, how: `ended with ${signal ?? `exit code ${code}`}` }));
    });
    this.#ended.then(() => process.off("exit", this.#kill));
    process.on("exit", this.#kill);
  }

  log() {
    return this.#log.trim() || "(nothing)";
  }

  /** Resolves to the first line of standard output, or to why there is none. */
  async firstLine(timeout) {
    const lines = createInterface({ input: this.child.stdout });
    return Promise.race([
      once(lines, "line").then(([line]) => ({ line })),
      this.#ended.then(({ how }) => ({ why: how })),
      wait(timeout, { why: `was not ready after ${timeout} ms` }, { ref: false }),
    ]);
  }

  /** Lets this process end although the server runs; it is killed then. */
  letGo() {
    for (const handle of [this.child, this.child.stdout, this.child.stderr]) handle.unref();
  }

  /** Stops it and resolves to its exit code; null when a signal ended it. */
  async end() {
    this.child.ref();
    this.child.kill("SIGTERM");
    const patience = setTimeout(this.#kill, TIME_TO_STOP);
    const { code } = await this.#ended;
    clearTimeout(patience);
    return code;
  }

  /** Resolves to what is to be said of a server that does not answer: nothing when it still runs. */
  async lastWords() {
    // A connection breaks a moment before the end of the process is told.
    const end = await Promise.race([this.#ended, wait(500)]);
    return end ? `\nthe server has ${end.how}. Its standard error:\n${this.log()}` : "";
  }
}

/** Returns the environment of a server, which ends with this process even if that is killed. */
function environment() {
  // On Windows the server would watch its standard input, which is closed.
  return process.platform === "win32" ? process.env : { ...process.env, AGM_EXIT_WITH_PARENT: "true" };
}

function connect(url = process.env.AGM_URL) {
  if (!url) throw new TypeError("connect() needs a URL, or the environment variable AGM_URL of a global set-up");
  return new Mock(url);
}

async function start({ args = [], seed, binary, timeout = 30_000 } = {}) {
  const command = [binary ?? findBinary(), "--port", "0", ...args, ...(seed ? ["--seed", seed] : [])];
  const run = new Run(command);
  let { line, why } = await run.firstLine(timeout);
  try {
    const { url } = JSON.parse(line);
    run.letGo();
    return new Server(url, run);
  } catch {
    why ??= `wrote this in the place of its ready line: ${line}`;
    await run.end();
    throw new StartError(`${command.join(" ")}\n${why}. Its standard error:\n${run.log()}`);
  }
}

module.exports = { Mock, Namespace, Server, StartError, connect, start };
