/// <reference lib="esnext.disposable" />

/** A duration: a string such as `1h 30m`, or a number of milliseconds. */
export type Duration = string | number;

/** A part of a namespace that can be reset separately. */
export type ResetScope = "state" | "requests" | "faults" | "clock";

/** A condition for a string; all given fields must match. */
export interface StringMatcher {
  equalTo?: string;
  caseInsensitive?: boolean;
  contains?: string;
  doesNotContain?: string;
  matches?: string;
  doesNotMatch?: string;
  absent?: boolean;
}

/** A condition for a body; all given fields must match. */
export interface BodyMatcher {
  equalTo?: string;
  contains?: string;
  matches?: string;
  equalToJson?: unknown;
  ignoreExtraElements?: boolean;
  matchesJsonPath?: string | (StringMatcher & { expression: string });
}

/** A condition for requests, with WireMock-compatible syntax; an empty pattern matches all requests. */
export interface Pattern {
  dialect?: "cloudflare" | "ibm" | "authress" | "legacy";
  operation?: string;
  namespace?: string;
  method?: string;
  url?: string;
  urlPattern?: string;
  urlPath?: string;
  urlPathPattern?: string;
  queryParameters?: Record<string, StringMatcher>;
  headers?: Record<string, StringMatcher>;
  bodyPatterns?: BodyMatcher[];
}

/** Criteria for exchanges in the journal; all given fields must match. */
export interface Search extends Pattern {
  /** The status of the response, or a class such as `4xx`. */
  status?: number | string;
  /** The earliest time, inclusive, on the virtual clock. */
  since?: string | Date;
  /** The latest time, exclusive, on the virtual clock. */
  until?: string | Date;
  /** The maximum number of exchanges; the latest ones are returned. */
  limit?: number;
}

/** The expected number of requests: at most one of the fields; by default at least one request. */
export interface Times {
  count?: number;
  atLeast?: number;
  atMost?: number;
}

/** The effect of a fault on a request. */
export type Effect =
  | { type: "status"; status: number; code?: string; message?: string; retryAfter?: number }
  | { type: "delay"; min: Duration; max?: Duration }
  | { type: "disconnect" }
  | { type: "empty" }
  | { type: "truncate"; bytes?: number }
  | { type: "malformed" }
  | { type: "slow-body"; over: Duration }
  | { type: "commit-then-fail"; status?: number | null }
  | { type: "fail-items"; status?: number; ids?: string[] }
  | { type: "stale-reads"; window: Duration };

/** A selection of the requests that match a fault; an empty schedule selects all of them. */
export interface Schedule {
  times?: number;
  after?: number;
  every?: number;
  probability?: number;
  until?: string | Date;
  for?: Duration;
}

/** A fault to add, or a preset; without `match` it matches every request. */
export type NewFault =
  | { effect: Effect; match?: Pattern; schedule?: Schedule; id?: string }
  | { preset: "flaky" | "outage" | "slow"; match?: Pattern };

/** A fault of a namespace. */
export interface Fault {
  id: string;
  effect: Effect;
  match?: Pattern;
  schedule?: Schedule;
  /** The number of matching requests. */
  matched: number;
  /** The number of requests that the fault was injected into. */
  injected: number;
}

/** The mode and the current time of the virtual clock. */
export interface Clock {
  mode: "system" | "frozen" | "stepping";
  now: string;
  /** The duration by which each request advances the clock; null unless the mode is `stepping`. */
  step: string | null;
}

/** A request with its response. */
export interface Exchange {
  id: string;
  namespace: string;
  dialect: string;
  operation: string | null;
  request: {
    /** The path with its query, without the namespace prefix. */
    url: string;
    absoluteUrl: string;
    method: string;
    headers: Record<string, string>;
    body: string;
    bodyAsBase64: string;
    bodyBytes: number;
    loggedDate: number;
    loggedDateString: string;
  };
  /** Null if a fault closed the connection instead. */
  response: { status: number; headers: Record<string, string>; body: string; bodyBytes: number } | null;
  /** Whether an operation has the method and path, or a fallback server has sent the response. */
  wasMatched: boolean;
  /** The URL of the fallback server that sent the response; null if the mock server did. */
  fallback: string | null;
  /** The id of the rule that rejected the request; null if it was not rejected. */
  rule: string | null;
  /** The reason of an error response, or of a missing one, in words; null for a success. */
  reason: string | null;
  faults: string[];
  timing: { totalTime: number };
}

/** A rule with its evidence. */
export interface Rule {
  id: string;
  status: number;
  code: string;
  message: string;
  description: string;
  remediation: string;
  evidence: "vendor-doc" | "spec" | "observed" | "client" | "assumed";
  source: string;
}

/** A value of the request that a rule rejected. */
export interface ReceivedValue {
  path: string;
  reason: string;
  value: unknown;
}

/** An operation that is similar to a request without an operation. */
export interface Suggestion {
  operation: string;
  method: string;
  path: string;
  difference: string;
}

/** An exchange whose request has no operation. */
export interface UnmatchedExchange extends Exchange {
  suggestions: Suggestion[];
}

/** An explanation of the response to a request. */
export interface Explanation {
  exchange: Exchange;
  summary: string;
  /** The rule that rejected the request; null if it was not rejected. */
  rule: Rule | null;
  received: ReceivedValue[];
  remediation: string | null;
  suggestions: Suggestion[];
}

/** The admin API rejected a request, with the server's message, or the server could not be reached. */
export class AdminError extends Error {
  /** The status of the error response. */
  readonly status?: number;
}

/** The received requests do not match the expectation; the message lists what was received instead. */
export class VerificationError extends AdminError {}

/** The server did not become ready; the message contains its standard error. */
export class StartError extends Error {}

/** The server binary was not found; the message lists all searched locations. */
export class BinaryNotFound extends Error {}

/** A client of the admin API for one namespace of a server. */
export class Admin {
  readonly url: string;
  /** `token` is the value of `--admin-token`; by default that of the environment variable AGM_ADMIN_TOKEN. */
  constructor(url: string, options?: { token?: string });
  /** Resets the namespace to its initial state, or only the given scopes. */
  reset(...scopes: ResetScope[]): Promise<void>;
  /** Resolves to the complete state as a seed. */
  state(): Promise<Record<string, unknown>>;
  /** Replaces all records with a seed, the seed in a file, or the result of `state`. */
  seed(seed: object | string | URL): Promise<void>;
  /** Saves the current state as the snapshot `name`. */
  snapshot(name: string): Promise<void>;
  /** Restores the snapshot `name`. */
  restore(name: string): Promise<void>;
  /** Resolves to the state of the virtual clock. */
  clock(): Promise<Clock>;
  /** Changes the mode, time or step of the virtual clock, and resolves to its new state. */
  setClock(change: { mode?: Clock["mode"]; now?: string | Date; step?: Duration }): Promise<Clock>;
  /** Advances the virtual clock, and resolves to its new state. */
  advance(duration: Duration): Promise<Clock>;
  /** Resolves to whether responses follow the vendors' documents or their live services. */
  fidelity(): Promise<"documented" | "live">;
  /** Sets whether responses follow the vendors' documents or their live services, until the next reset. */
  setFidelity(fidelity: "documented" | "live"): Promise<void>;
  /** Adds a fault, or the faults of a preset, and resolves to the added faults. */
  fault(fault: NewFault): Promise<Fault[]>;
  /** Resolves to the faults with the numbers of matched requests and of injections. */
  faults(): Promise<Fault[]>;
  /** Removes all faults. */
  clearFaults(): Promise<void>;
  /** Resolves to the matching requests with their responses, oldest first; to all requests without a pattern. */
  requests(pattern?: Search): Promise<Exchange[]>;
  /** Resolves to the requests whose method and path belong to no operation, latest first. */
  unmatched(): Promise<UnmatchedExchange[]>;
  /** Resolves to the number of matching requests. */
  count(pattern?: Search): Promise<number>;
  /** Verifies the number of matching requests and resolves to it; rejects with a VerificationError if it differs. */
  verify(pattern?: Search, times?: Times): Promise<number>;
  /**
   * Resolves to one record in the format of a seed, such as an `access_group` of `ibm`; `account` is needed only if several
   * accounts have a record with this id.
   */
  record(dialect: string, kind: string, id: string, account?: string): Promise<Record<string, any>>;
  /** Explains the response to a request, which is given as an exchange or as its `X-Mock-Request-Id`. */
  explain(request: Exchange | string): Promise<Explanation>;
  /** Resolves to the counters of the server, in all namespaces together, in the text format of Prometheus. */
  metrics(): Promise<string>;
  /** Resolves to all requests and responses as text, with shortened bodies and the rules that rejected requests. */
  transcript(): Promise<string>;
  /** Calls an operation of `/__admin` that has no method here, and resolves to the JSON of the response. */
  call(method: string, path: string, body?: unknown): Promise<any>;
}

/** A running mock: the default namespace of a server, or one of its namespaces. */
export class Mock {
  protected constructor();
  readonly name: string;
  readonly url: string;
  /** The base URLs for the vendors' SDKs. */
  readonly urls: { readonly cloudflare: string; readonly ibm: string; readonly authress: string; readonly legacy: string };
  readonly admin: Admin;
  /**
   * Returns a new namespace of the same server, which is created from the seed on first use. Its name is the label,
   * truncated if necessary, with a random suffix.
   */
  namespace(label?: string): Namespace;
}

/** A namespace of a server; `await using` deletes it at the end of the block. */
export class Namespace extends Mock {
  /** Deletes the namespace; does nothing if it was never used. */
  delete(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A server process; `await using` stops it at the end of the block, and it stops at the latest when this process exits. */
export class Server extends Mock {
  readonly pid: number;
  /** Stops the server and resolves to its exit code, or to null if it was terminated by a signal. */
  stop(): Promise<number | null>;
  /** Returns the end of the standard error of the server. */
  stderr(): string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The options of a server. */
export interface StartOptions {
  /** Additional arguments of the server, such as `--explain`. */
  args?: string[];
  /** The path of a seed file. */
  seed?: string;
  /** The path of the server binary; by default that of `findBinary`. */
  binary?: string;
  /** The maximum time until the server is ready, in milliseconds; 30 seconds by default. */
  timeout?: number;
}

/** Starts a server on a free local port and resolves to it when it is ready; rejects with a StartError if it fails. */
export function start(options?: StartOptions): Promise<Server>;

/** Returns a mock for a running server at `url`, by default at the URL in the environment variable AGM_URL. */
export function connect(url?: string): Mock;

/**
 * Returns the path of the server binary: the value of the environment variable AGM_BIN if it is set; otherwise the
 * binary on PATH, or the latest build of the checkout that contains this package.
 */
export function findBinary(): string;
