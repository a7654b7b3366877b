package agm

import (
	"encoding/json"
	"time"
)

// Pattern says which requests are meant, in WireMock's words; the zero pattern means all.
type Pattern struct {
	Dialect         string                 `json:"dialect,omitempty"`
	Operation       string                 `json:"operation,omitempty"`
	Namespace       string                 `json:"namespace,omitempty"`
	Method          string                 `json:"method,omitempty"`
	URL             string                 `json:"url,omitempty"`
	URLPattern      string                 `json:"urlPattern,omitempty"`
	URLPath         string                 `json:"urlPath,omitempty"`
	URLPathPattern  string                 `json:"urlPathPattern,omitempty"`
	QueryParameters map[string]TextMatcher `json:"queryParameters,omitempty"`
	Headers         map[string]TextMatcher `json:"headers,omitempty"`
	BodyPatterns    []BodyMatcher          `json:"bodyPatterns,omitempty"`

	// The members below are for searches, not for faults.

	// Status is the status of the answer, or a class such as "4xx".
	Status string `json:"status,omitempty"`
	// Since and Until are on the mock's clock.
	Since time.Time `json:"since,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// Limit asks for the latest so many.
	Limit int `json:"limit,omitempty"`
}

// TextMatcher says how a text is compared.
type TextMatcher struct {
	EqualTo         string `json:"equalTo,omitempty"`
	CaseInsensitive bool   `json:"caseInsensitive,omitempty"`
	Contains        string `json:"contains,omitempty"`
	DoesNotContain  string `json:"doesNotContain,omitempty"`
	Matches         string `json:"matches,omitempty"`
	DoesNotMatch    string `json:"doesNotMatch,omitempty"`
	Absent          bool   `json:"absent,omitempty"`
}

// BodyMatcher says how a body is compared. EqualToJSON is a value or JSON as text; MatchesJSONPath is a path such as
// "$.members[0].iam_id", or a map with it as "expression" and the members of a TextMatcher.
type BodyMatcher struct {
	EqualTo             string `json:"equalTo,omitempty"`
	Contains            string `json:"contains,omitempty"`
	Matches             string `json:"matches,omitempty"`
	EqualToJSON         any    `json:"equalToJson,omitempty"`
	IgnoreExtraElements bool   `json:"ignoreExtraElements,omitempty"`
	MatchesJSONPath     any    `json:"matchesJsonPath,omitempty"`
}

// Times says how many requests are expected: Exactly, AtLeast or AtMost so many. The zero value means at least one.
type Times struct {
	Count   *int `json:"count,omitempty"`
	AtLeast *int `json:"atLeast,omitempty"`
	AtMost  *int `json:"atMost,omitempty"`
}

// Exactly expects so many requests, no more and no fewer.
func Exactly(times int) Times { return Times{Count: &times} }

// AtLeast expects so many requests or more.
func AtLeast(times int) Times { return Times{AtLeast: &times} }

// AtMost expects so many requests or fewer.
func AtMost(times int) Times { return Times{AtMost: &times} }

// Fault is what happens to requests. Without Match it is for every request, without Schedule it strikes always. Preset
// ("flaky", "outage", "slow") takes the place of Effect.
type Fault struct {
	ID       string   `json:"id,omitempty"`
	Preset   string   `json:"preset,omitempty"`
	Match    Pattern  `json:"match,omitzero"`
	Effect   Effect   `json:"effect,omitzero"`
	Schedule Schedule `json:"schedule,omitzero"`

	// Seen counts the requests it was for, and Struck those it hit; the server tells both.
	Seen   int `json:"seen,omitempty"`
	Struck int `json:"struck,omitempty"`
}

// Effect is what a fault does. Lengths of time are texts such as "250ms" or "1h 30m".
type Effect struct {
	// Type is "status", "delay", "disconnect", "empty", "truncate", "malformed", "slow-body", "commit-then-fail",
	// "fail-items" or "stale-reads"; openapi.yaml says which of the other members belong to which.
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

// Schedule says when a fault strikes.
type Schedule struct {
	Times       int       `json:"times,omitempty"`
	After       int       `json:"after,omitempty"`
	Every       int       `json:"every,omitempty"`
	Probability *float64  `json:"probability,omitempty"`
	Until       time.Time `json:"until,omitzero"`
	For         string    `json:"for,omitempty"`
}

// Clock is how the clock runs: in the mode "system", "frozen" or "stepping".
type Clock struct {
	Mode string    `json:"mode"`
	Now  time.Time `json:"now"`
	Step string    `json:"step"`
}

// ClockChange is what a clock is set to; what is left out stays as it is.
type ClockChange struct {
	Mode string    `json:"mode,omitempty"`
	Now  time.Time `json:"now,omitzero"`
	Step string    `json:"step,omitempty"`
}

// Exchange is a request and its answer.
type Exchange struct {
	ID        string           `json:"id"`
	Namespace string           `json:"namespace"`
	Dialect   string           `json:"dialect"`
	Operation string           `json:"operation"`
	Request   RecordedRequest  `json:"request"`
	Response  RecordedResponse `json:"response"`
	// WasMatched tells whether a vendor has the method and path.
	WasMatched bool `json:"wasMatched"`
	// Rule is the rule that refused it; empty when none did.
	Rule   string   `json:"rule"`
	Faults []string `json:"faults"`
}

// RecordedRequest is a request as it came. URL is the path with its query, without the prefix of the namespace.
type RecordedRequest struct {
	URL              string            `json:"url"`
	AbsoluteURL      string            `json:"absoluteUrl"`
	Method           string            `json:"method"`
	Headers          map[string]string `json:"headers"`
	Body             string            `json:"body"`
	BodyBytes        int               `json:"bodyBytes"`
	LoggedDateString string            `json:"loggedDateString"`
}

// RecordedResponse is an answer as it was sent; its Status is 0 when a fault ended the connection instead.
type RecordedResponse struct {
	Status    int               `json:"status"`
	Headers   map[string]string `json:"headers"`
	Body      string            `json:"body"`
	BodyBytes int               `json:"bodyBytes"`
}

// Explanation says why a request was answered as it was.
type Explanation struct {
	Exchange Exchange `json:"exchange"`
	Summary  string   `json:"summary"`
	// Rule is the rule that refused it; nil when none did.
	Rule    *Rule     `json:"rule"`
	Got     []Got     `json:"got"`
	Remedy  string    `json:"remedy"`
	Nearest []Nearest `json:"nearest"`
}

// Rule is a rule of a vendor, and how it is known.
type Rule struct {
	ID       string `json:"id"`
	Status   int    `json:"status"`
	Code     string `json:"code"`
	Message  string `json:"message"`
	When     string `json:"when"`
	Remedy   string `json:"remedy"`
	Evidence string `json:"evidence"`
	Source   string `json:"source"`
}

// Got is what a rule got at one place of the request.
type Got struct {
	Path   string          `json:"path"`
	Reason string          `json:"reason"`
	Value  json.RawMessage `json:"value"`
}

// Nearest is an operation that comes near to a request without one.
type Nearest struct {
	Operation string `json:"operation"`
	Method    string `json:"method"`
	Path      string `json:"path"`
	Differs   string `json:"differs"`
}
