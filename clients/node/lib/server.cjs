// Starts servers, and provides the URLs of their namespaces.
"use strict";

const { spawn } = require("node:child_process");
const { randomBytes } = require("node:crypto");
const { once } = require("node:events");
const { createInterface } = require("node:readline");
const { setTimeout: wait } = require("node:timers/promises");

const { Admin } = require("./admin.cjs");
const { findBinary } = require("./binary.cjs");

/** The maximum length of a namespace name. */
const MAX_NAME_LENGTH = 128;

/** The time after which a server that does not stop is killed, in milliseconds. */
const STOP_TIMEOUT = 5_000;

/** The maximum length of the recorded standard error, in characters. */
const MAX_STDERR_LENGTH = 65_536;

/** The server did not become ready; the message contains its standard error. */
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
    const suffix = `-${randomBytes(4).toString("hex")}`;
    const name = label.replace(/[^A-Za-z0-9._~:@+-]+/g, "-").slice(0, MAX_NAME_LENGTH - suffix.length) + suffix;
    return new Namespace(this, name, this.#diagnose);
  }
}

/** A namespace of a server. */
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
      // A namespace that was never used does not exist.
      if (error.status !== 404) throw error;
    }
  }

  async [Symbol.asyncDispose]() {
    await this.delete();
  }
}

/** A server process and its default namespace. */
class Server extends Mock {
  #process;

  constructor(url, serverProcess) {
    super(url, { diagnose: () => serverProcess.exitReport() });
    this.pid = serverProcess.child.pid;
    this.#process = serverProcess;
  }

  async stop() {
    return this.#process.stop();
  }

  stderr() {
    return this.#process.stderr();
  }

  async [Symbol.asyncDispose]() {
    await this.stop();
  }
}

/** A child process that runs the server binary. */
class ServerProcess {
  #stderr = "";
  #exited;
  #kill = () => this.child.kill("SIGKILL");

  constructor(command) {
    this.child = spawn(command[0], command.slice(1), { stdio: ["ignore", "pipe", "pipe"], env: environment() });
    this.child.stderr.setEncoding("utf8");
    this.child.stderr.on("data", (text) => (this.#stderr = (this.#stderr + text).slice(-MAX_STDERR_LENGTH)));
    // `close` is emitted after standard error has been read completely.
    this.#exited = new Promise((resolve) => {
      this.child.on("error", (error) => resolve({ code: null, reason: `could not be started: ${error.message}` }));
      this.child.on("close", (code, signal) => {
        resolve({ code, reason: signal ? `was terminated by ${signal}` : `exited with code ${code}` });
      });
    });
    this.#exited.then(() => process.off("exit", this.#kill));
    process.on("exit", this.#kill);
  }

  stderr() {
    return this.#stderr.trim() || "(nothing)";
  }

  /** Resolves to the first line of standard output, or to the reason why there is none. */
  async firstLine(timeout) {
    const lines = createInterface({ input: this.child.stdout });
    return Promise.race([
      once(lines, "line").then(([line]) => ({ line })),
      this.#exited.then(({ reason }) => ({ reason })),
      wait(timeout, { reason: `was not ready after ${timeout} ms` }, { ref: false }),
    ]);
  }

  /** Allows this process to exit while the server is running; the server is then killed. */
  unref() {
    for (const handle of [this.child, this.child.stdout, this.child.stderr]) handle.unref();
  }

  /** Stops the server and resolves to its exit code; null if it was terminated by a signal. */
  async stop() {
    this.child.ref();
    this.child.kill("SIGTERM");
    const timer = setTimeout(this.#kill, STOP_TIMEOUT);
    const { code } = await this.#exited;
    clearTimeout(timer);
    return code;
  }

  /** Resolves to the exit code and standard error of the server; empty if it is still running. */
  async exitReport() {
    // The connection fails shortly before the exit event.
    const exit = await Promise.race([this.#exited, wait(500)]);
    return exit ? `\nthe server ${exit.reason}. Its standard error:\n${this.stderr()}` : "";
  }
}

/** Returns the environment of a server that exits with this process, even if this process is killed. */
function environment() {
  // On Windows the server would monitor its standard input, which is closed.
  return process.platform === "win32" ? process.env : { ...process.env, AGM_EXIT_WITH_PARENT: "true" };
}

function connect(url = process.env.AGM_URL) {
  if (!url) throw new TypeError("connect() requires a URL, or the environment variable AGM_URL, which a global setup sets");
  return new Mock(url);
}

async function start({ args = [], seed, binary, timeout = 30_000 } = {}) {
  const command = [binary ?? findBinary(), "--port", "0", ...args, ...(seed ? ["--seed", seed] : [])];
  const serverProcess = new ServerProcess(command);
  let { line, reason } = await serverProcess.firstLine(timeout);
  try {
    const { url } = JSON.parse(line);
    serverProcess.unref();
    return new Server(url, serverProcess);
  } catch {
    reason ??= `printed this instead of the ready line: ${line}`;
    await serverProcess.stop();
    throw new StartError(`${command.join(" ")}\n${reason}. Its standard error:\n${serverProcess.stderr()}`);
  }
}

module.exports = { Mock, Namespace, Server, StartError, connect, start };
