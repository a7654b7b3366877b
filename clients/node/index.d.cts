/// <reference lib="esnext.disposable" />

/** A length of time: a text such as `1h 30m`, or a number of milliseconds. */
export type Span = string | number;

/** A part of a mock that can be reset for itself. */
export type Part = "state" | "requests" | "faults" | "clock";

/** How a text is compared. */
export interface TextMatcher {
  equalTo?: string;
  caseInsensitive?: boolean;
  contains?: string;
  doesNotContain?: string;
  matches?: string;
  doesNotMatch?: string;
  absent?: boolean;
}

/** How a body is compared. */
export interface BodyMatcher {
  equalTo?: string;
  contains?: string;
  matches?: string;
  equalToJson?: unknown;
  ignoreExtraElements?: boolean;
  matchesJsonPath?: string | (TextMatcher & { expression: string });
}

/** Which requests are meant, in WireMock's words; an empty pattern means all. */
export interface Pattern {
  dialect?: "cloudflare" | "ibm" | "authress" | "legacy";
  operation?: string;
  namespace?: string;
  method?: string;
  url?: string;
  urlPattern?: string;
  urlPath?: string;
  urlPathPattern?: string;
  queryParameters?: Record<string, TextMatcher>;
  headers?: Record<string, TextMatcher>;
  bodyPatterns?: BodyMatcher[];
}

/** Which exchanges are wanted. */
export interface Search extends Pattern {
  /** A status, or a class such as `4xx`. */
  status?: number | string;
  /** From this time on, on the mock's clock. */
  since?: string | Date;
  /** Before this time, on the mock's clock. */
  until?: string | Date;
  /** Only the latest so many. */
  limit?: number;
}

/** How many requests are expected, in one of three ways; at least one when none is given. */
export interface Times {
  count?: number;
  atLeast?: number;
  atMost?: number;
}

/** What happens to a request. */
export type Effect =
  | { type: "status"; status: number; code?: string; message?: string; retryAfter?: number }
  | { type: "delay"; min: Span; max?: Span }
  | { type: "disconnect" }
  | { type: "empty" }
  | { type: "truncate"; bytes?: number }
  | { type: "malformed" }
  | { type: "slow-body"; over: Span }
  | { type: "commit-then-fail"; status?: number | null }
  | { type: "fail-items"; status?: number; ids?: string[] }
  | { type: "stale-reads"; window: Span };

/** When a fault strikes; always when it is empty. */
export interface Schedule {
  times?: number;
  after?: number;
  every?: number;
  probability?: number;
  until?: string | Date;
  for?: Span;
}

/** A fault to set; without `match` it is for every request. */
export type NewFault =
  | { effect: Effect; match?: Pattern; schedule?: Schedule; id?: string }
  | { preset: "flaky" | "outage" | "slow"; match?: Pattern };

/** A fault as the server has it. */
export interface Fault {
  id: string;
  effect: Effect;
  match?: Pattern;
  schedule?: Schedule;
  /** How many requests it was for. */
  seen: number;
  /** How many of them it hit. */
  struck: number;
}

/** How the clock runs. */
export interface Clock {
  mode: "system" | "frozen" | "stepping";
  now: string;
  step: string | null;
}

/** A request and its answer. */
export interface Exchange {
  id: string;
  namespace: string;
  dialect: string;
  operation: string | null;
  request: {
    /** The path with its query, without the prefix of the namespace. */
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
  /** Null where a fault ended the connection instead. */
  response: { status: number; headers: Record<string, string>; body: string; bodyBytes: number } | null;
  wasMatched: boolean;
  rule: string | null;
  faults: string[];
  timing: { totalTime: number };
}

/** Why a request was answered as it was. */
export interface Explanation {
  exchange: Exchange;
  summary: string;
  rule: {
    id: string;
    status: number;
    code: string;
    message: string;
    when: string;
    remedy: string;
    evidence: "seed" | "spec" | "observed" | "client" | "assumed";
    source: string;
  } | null;
  got: { path: string; reason: string; value: unknown }[];
  remedy: string | null;
  nearest: { operation: string; method: string; path: string; differs: string }[];
}

/** A call of the admin API was refused, with the server's own words, or did not reach the server. */
export class AdminError extends Error {
  /** The status of the refusal. */
  readonly status?: number;
}

/** Other requests came than were expected; the text shows which. */
export class VerificationError extends AdminError {}

/** The server did not become ready; the text holds its standard error. */
export class StartError extends Error {}

/** The program is in none of the places where it is looked for; the text names them all. */
export class BinaryNotFound extends Error {}

/** Calls the admin API of one mock: of the server's default namespace, or of a namespace. */
export class Admin {
  readonly url: string;
  /** `token` is what `--admin-token` asks for; by default the environment variable AGM_ADMIN_TOKEN. */
  constructor(url: string, options?: { token?: string });
  /** Sets everything, or only these parts, back to how it began. */
  reset(...parts: Part[]): Promise<void>;
  /** Resolves to the whole state, as a seed that brings it back. */
  state(): Promise<Record<string, unknown>>;
  /** Puts a seed, or the seed in a file, or what `state` gave, in the place of all records. */
  seed(seed: object | string | URL): Promise<void>;
  /** Keeps the present state under a name. */
  snapshot(name: string): Promise<void>;
  /** Puts the state that was kept under a name in the place of the present one. */
  restore(name: string): Promise<void>;
  /** Resolves to how the clock runs. */
  clock(): Promise<Clock>;
  /** Freezes, sets or steps the clock; what is left out stays as it is. */
  setClock(change: { mode?: Clock["mode"]; now?: string | Date; step?: Span }): Promise<Clock>;
  /** Lets the clock jump ahead. */
  advance(span: Span): Promise<Clock>;
  /** Sets a fault, or the faults of a preset, and resolves to what was set. */
  fault(fault: NewFault): Promise<Fault[]>;
  /** Resolves to the faults, and how often each has struck. */
  faults(): Promise<Fault[]>;
  /** Removes all faults. */
  clearFaults(): Promise<void>;
  /** Resolves to the requests that fit, with their answers, the oldest first; to all without a pattern. */
  requests(pattern?: Search): Promise<Exchange[]>;
  /** Resolves to the requests whose method and path no vendor has, the latest first. */
  unmatched(): Promise<(Exchange & Pick<Explanation, "nearest">)[]>;
  /** Resolves to how many requests fit. */
  count(pattern?: Search): Promise<number>;
  /** Resolves to how many requests fit when that is as expected, and rejects with what came instead when not. */
  verify(pattern?: Search, times?: Times): Promise<number>;
  /** Explains why a request, or the one with this `X-Mock-Request-Id`, was answered as it was. */
  explain(request: Exchange | string): Promise<Explanation>;
  /** Resolves to all requests and answers as text for a person, bodies shortened, with why each was refused. */
  transcript(): Promise<string>;
  /** Calls `/__admin` below the mock's URL and resolves to the JSON of the answer: the way to all without a method. */
  call(method: string, path: string, body?: unknown): Promise<any>;
}

/** A running mock: the default namespace of a server, or one of its namespaces. */
export class Mock {
  protected constructor();
  readonly name: string;
  readonly url: string;
  /** What the vendors' SDKs take as their base URL. */
  readonly urls: { readonly cloudflare: string; readonly ibm: string; readonly authress: string; readonly legacy: string };
  readonly admin: Admin;
  /**
   * Returns a mock of its own on the same server, with the same seed. Its name is the label, as far as it fits, and a
   * random end. Nothing happens before its first request.
   */
  namespace(label?: string): Namespace;
}

/** A mock of its own on a server; `await using` forgets it at the end of the block. */
export class Namespace extends Mock {
  /** Makes the server forget it; nothing happens when it was never used. */
  delete(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A server of its own; `await using` stops it at the end of the block, and it never outlives this process. */
export class Server extends Mock {
  readonly pid: number;
  /** Stops it and resolves to its exit code, or to null when a signal ended it. */
  stop(): Promise<number | null>;
  /** Returns the latest of what it has written to standard error. */
  stderr(): string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a server is started with. */
export interface StartOptions {
  /** Further arguments of the program, such as `--explain`. */
  args?: string[];
  /** The path of a seed file. */
  seed?: string;
  /** The path of the program; see `findBinary`. */
  binary?: string;
  /** How long it may take to become ready, in milliseconds; 30 seconds by default. */
  timeout?: number;
}

/** Starts a server on a free port of this machine; rejects with a StartError that holds its standard error. */
export function start(options?: StartOptions): Promise<Server>;

/** Returns the mock that runs at `url` already, by default the environment variable AGM_URL of a global set-up. */
export function connect(url?: string): Mock;

/**
 * Returns the path of the program: what the environment variable AGM_BIN names, else the one on PATH, else the latest
 * build of the checkout that holds this package.
 */
export function findBinary(): string;
