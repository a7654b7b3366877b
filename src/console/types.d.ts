// The types that the modules of the console share, for the check of types only; this file is not part of the binary.

/** One line of the list of requests. */
export interface Summary {
  id: string;
  namespace: string;
  dialect: string;
  operation: string | null;
  method: string;
  url: string;
  /** 0 if the connection was closed without a response. */
  status: number;
  rule: string | null;
  reason: string | null;
  faults: string[];
  wasMatched: boolean;
  /** The time of the request by the virtual clock, in milliseconds since 1970. */
  loggedDate: number;
  /** The duration in milliseconds. */
  duration: number;
}

export interface Exchange {
  id: string;
  namespace: string;
  dialect: string;
  operation: string | null;
  request: {
    url: string; absoluteUrl: string; method: string; headers: Record<string, string>;
    body: string; bodyBytes: number; loggedDate: number; loggedDateString: string;
  };
  response: { status: number; headers: Record<string, string>; body: string; bodyBytes: number } | null;
  wasMatched: boolean;
  fallback: string | null;
  rule: string | null;
  reason?: string | null;
  faults: string[];
  timing: { totalTime: number };
}

export interface Rule {
  id: string; dialect?: string; status: number; code: string; message: string; description: string;
  remediation: string; evidence: string; confidence: string | null; date: string | null; source: string; hits?: number;
}

export interface Explanation {
  exchange: Exchange;
  summary: string;
  rule: Rule | null;
  received: { path: string; reason: string; value: unknown }[];
  remediation: string | null;
  suggestions: { operation: string; method: string; path: string; difference: string }[];
}

export interface Operation {
  operation: string; dialect: string; method: string; path: string; summary: string; evidence: string;
  confidence: string | null; date: string | null; source: string; rules: string[]; calls: number;
}

export interface Group {
  dialect: string; kind: string; account: string; id: string; path: string; name: string; members: number;
  created: string | null; modified: string | null;
}

export interface Fault {
  id: string;
  match?: Record<string, unknown>;
  effect: { type: string } & Record<string, unknown>;
  schedule?: Record<string, unknown>;
  matched: number;
  injected: number;
}

/** A screen: `show` is called whenever the URL has changed while it is visible. */
export interface Screen {
  element: HTMLElement;
  show(params: URLSearchParams): void;
  hide?(): void;
  /** Handles a key that no field has; returns whether it did. */
  key?(key: string): boolean;
}
