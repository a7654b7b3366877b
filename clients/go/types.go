package agm

import (
	"encoding/json"
	"time"
)

// Pattern is a condition for requests, with WireMock-compatible syntax; the zero value matches all requests.
type Pattern struct {
	Dialect         string                   `json:"dialect,omitempty"`
	Operation       string                   `json:"operation,omitempty"`
	Namespace       string                   `json:"namespace,omitempty"`
	Method          string                   `json:"method,omitempty"`
	URL             string                   `json:"url,omitempty"`
	URLPattern      string                   `json:"urlPattern,omitempty"`
	URLPath         string                   `json:"urlPath,omitempty"`
	URLPathPattern  string                   `json:"urlPathPattern,omitempty"`
	QueryParameters map[string]StringMatcher `json:"queryParameters,omitempty"`
	Headers         map[string]StringMatcher `json:"headers,omitempty"`
	BodyPatterns    []BodyMatcher            `json:"bodyPatterns,omitempty"`

	// The fields below are for searches, not for faults.

	// Status is the status of the response, or a class such as "4xx".
	Status string `json:"status,omitempty"`
	// Since is the earliest time, inclusive, on the virtual clock.
	Since time.Time `json:"since,omitzero"`
	// Until is the latest time, exclusive, on the virtual clock.
	Until time.Time `json:"until,omitzero"`
	// Limit is the maximum number of requests; the latest ones are returned.
	Limit int `json:"limit,omitempty"`
}

// StringMatcher is a condition for a string; all given fields must match.
type StringMatcher struct {
	EqualTo         string `json:"equalTo,omitempty"`
	CaseInsensitive bool   `json:"caseInsensitive,omitempty"`
	Contains        string `json:"contains,omitempty"`
	DoesNotContain  string `json:"doesNotContain,omitempty"`
	Matches         string `json:"matches,omitempty"`
	DoesNotMatch    string `json:"doesNotMatch,omitempty"`
	Absent          bool   `json:"absent,omitempty"`
}

// BodyMatcher is a condition for a body; all given fields must match. EqualToJSON is a value, or a string that contains
// JSON. MatchesJSONPath is a path such as "$.members[0].iam_id", or a map with the path as "expression" and the fields
// of a StringMatcher.
type BodyMatcher struct {
	EqualTo             string `json:"equalTo,omitempty"`
	Contains            string `json:"contains,omitempty"`
	Matches             string `json:"matches,omitempty"`
	EqualToJSON         any    `json:"equalToJson,omitempty"`
	IgnoreExtraElements bool   `json:"ignoreExtraElements,omitempty"`
	MatchesJSONPath     any    `json:"matchesJsonPath,omitempty"`
}

// Times is an expected number of requests: Exactly, AtLeast or AtMost a number. The zero value means at least one.
type Times struct {
	Count   *int `json:"count,omitempty"`
	AtLeast *int `json:"atLeast,omitempty"`
	AtMost  *int `json:"atMost,omitempty"`
}

// Exactly expects exactly this number of requests.
func Exactly(times int) Times { return Times{Count: &times} }

// AtLeast expects this number of requests or more.
func AtLeast(times int) Times { return Times{AtLeast: &times} }

// AtMost expects this number of requests or fewer.
func AtMost(times int) Times { return Times{AtMost: &times} }

// Fault is a fault that is injected into requests. Without Match it matches every request; without Schedule it is
// injected into every matching request. Preset ("flaky", "outage", "slow") replaces Effect.
type Fault struct {
	ID       string   `json:"id,omitempty"`
	Preset   string   `json:"preset,omitempty"`
	Match    Pattern  `json:"match,omitzero"`
	Effect   Effect   `json:"effect,omitzero"`
	Schedule Schedule `json:"schedule,omitzero"`

	// Matched is the number of matching requests; set by the server.
	Matched int `json:"matched,omitempty"`
	// Injected is the number of requests that the fault was injected into; set by the server.
	Injected int `json:"injected,omitempty"`
}

// Effect is the effect of a fault on a request. Durations are strings such as "250ms" or "1h 30m".
type Effect struct {
	// Type is "status", "delay", "disconnect", "empty", "truncate", "malformed", "slow-body", "commit-then-fail",
	// "fail-items" or "stale-reads"; openapi.yaml describes the other fields of each type.
	Type       string   `json:"type"`
	Status     int      `json:"status,omitempty"`
	Code       string   `json:"code,omitempty"`
	Message    string   `json:"message,omitempty"`
	RetryAfter *int     `json:"retryAfter,omitempty"`
	Min        string   `json:"min,omitempty"`
	Max        string   `json:"max,omitempty"`
	Over       string   `json:"over,omitempty"`
	Window     string   `json:"window,omitempty"`
	Bytes      *int     `json:"bytes,omitempty"`
	IDs        []string `json:"ids,omitempty"`
}

// Schedule is a selection of the requests that match a fault; the zero value selects all of them.
type Schedule struct {
	Times       int       `json:"times,omitempty"`
	After       int       `json:"after,omitempty"`
	Every       int       `json:"every,omitempty"`
	Probability *float64  `json:"probability,omitempty"`
	Until       time.Time `json:"until,omitzero"`
	For         string    `json:"for,omitempty"`
}

// Clock is the state of the virtual clock. Mode is "system", "frozen" or "stepping"; Step is the duration by which each
// request advances the clock, and empty in the other modes.
type Clock struct {
	Mode string    `json:"mode"`
	Now  time.Time `json:"now"`
	Step string    `json:"step"`
}

// ClockChange is a change of the virtual clock; zero fields leave their setting unchanged.
type ClockChange struct {
	Mode string    `json:"mode,omitempty"`
	Now  time.Time `json:"now,omitzero"`
	Step string    `json:"step,omitempty"`
}

// Exchange is a request with its response.
type Exchange struct {
	ID        string           `json:"id"`
	Namespace string           `json:"namespace"`
	Dialect   string           `json:"dialect"`
	Operation string           `json:"operation"`
	Request   RecordedRequest  `json:"request"`
	Response  RecordedResponse `json:"response"`
	// WasMatched is whether an operation has the method and path, or a fallback server has sent the response.
	WasMatched bool `json:"wasMatched"`
	// Fallback is the URL of the fallback server that sent the response; empty if the mock server did.
	Fallback string `json:"fallback"`
	// Rule is the id of the rule that rejected the request; empty if it was not rejected.
	Rule string `json:"rule"`
	// Reason is the reason of an error response, or of a missing one, in words; empty for a success.
	Reason string   `json:"reason"`
	Faults []string `json:"faults"`
}

// UnmatchedExchange is an exchange whose request has no operation.
type UnmatchedExchange struct {
	Exchange
	Suggestions []Suggestion `json:"suggestions"`
}

// RecordedRequest is a received request. URL is the path with its query, without the namespace prefix.
type RecordedRequest struct {
	URL              string            `json:"url"`
	AbsoluteURL      string            `json:"absoluteUrl"`
	Method           string            `json:"method"`
	Headers          map[string]string `json:"headers"`
	Body             string            `json:"body"`
	BodyBytes        int               `json:"bodyBytes"`
	LoggedDateString string            `json:"loggedDateString"`
}

// RecordedResponse is a response that was sent; its Status is 0 if a fault closed the connection instead.
type RecordedResponse struct {
	Status    int               `json:"status"`
	Headers   map[string]string `json:"headers"`
	Body      string            `json:"body"`
	BodyBytes int               `json:"bodyBytes"`
}

// Explanation is an explanation of the response to a request.
type Explanation struct {
	Exchange Exchange `json:"exchange"`
	Summary  string   `json:"summary"`
	// Rule is the rule that rejected the request; nil if it was not rejected.
	Rule        *Rule           `json:"rule"`
	Received    []ReceivedValue `json:"received"`
	Remediation string          `json:"remediation"`
	Suggestions []Suggestion    `json:"suggestions"`
}

// Rule is a rule with its evidence: "vendor-doc", "spec", "observed", "client" or "assumed".
type Rule struct {
	ID          string `json:"id"`
	Status      int    `json:"status"`
	Code        string `json:"code"`
	Message     string `json:"message"`
	Description string `json:"description"`
	Remediation string `json:"remediation"`
	Evidence    string `json:"evidence"`
	Source      string `json:"source"`
}

// ReceivedValue is a value of the request that a rule rejected.
type ReceivedValue struct {
	Path   string          `json:"path"`
	Reason string          `json:"reason"`
	Value  json.RawMessage `json:"value"`
}

// Suggestion is an operation that is similar to a request without an operation.
type Suggestion struct {
	Operation  string `json:"operation"`
	Method     string `json:"method"`
	Path       string `json:"path"`
	Difference string `json:"difference"`
}
