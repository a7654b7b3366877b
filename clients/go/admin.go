package agm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// longestBody is how much of a body a transcript shows, in characters.
const longestBody = 400

// An Admin calls the admin API of one mock: of the server's default namespace, or of a namespace.
type Admin struct {
	URL string
	// Token is what --admin-token asks for; by default the environment variable AGM_ADMIN_TOKEN.
	Token string

	diagnose func() string
	client   *http.Client
}

// AdminError is a call of the admin API that was refused, with the server's own words.
type AdminError struct {
	Status int
	Detail string
}

func (e *AdminError) Error() string { return e.Detail }

func newAdmin(url string, diagnose func() string) *Admin {
	// A connection for each call is cheap on the same machine and leaves no goroutine behind; a proxy is none of its
	// business.
	transport := &http.Transport{DisableKeepAlives: true}
	client := &http.Client{Transport: transport, Timeout: 30 * time.Second}
	return &Admin{URL: url, Token: os.Getenv("AGM_ADMIN_TOKEN"), diagnose: diagnose, client: client}
}

// Reset sets everything, or only these parts ("state", "requests", "faults", "clock"), back to how it began.
func (a *Admin) Reset(parts ...string) error {
	path := "/reset"
	if len(parts) > 0 {
		path += "?scope=" + url.QueryEscape(strings.Join(parts, ","))
	}
	return a.Call("POST", path, nil, nil)
}

// State returns the whole state, as a seed that brings it back.
func (a *Admin) State() (json.RawMessage, error) {
	var state json.RawMessage
	err := a.Call("GET", "/state", nil, &state)
	return state, err
}

// Seed puts a seed, or what State returned, in the place of all records.
func (a *Admin) Seed(seed any) error {
	return a.Call("PUT", "/state", seed, nil)
}

// SeedFile puts the seed in a file in the place of all records.
func (a *Admin) SeedFile(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return a.Seed(json.RawMessage(text))
}

// Snapshot keeps the present state under a name.
func (a *Admin) Snapshot(name string) error {
	return a.Call("POST", "/snapshots/"+url.PathEscape(name), nil, nil)
}

// Restore puts the state that was kept under a name in the place of the present one.
func (a *Admin) Restore(name string) error {
	return a.Call("POST", "/snapshots/"+url.PathEscape(name)+"/restore", nil, nil)
}

// Clock returns how the clock runs.
func (a *Admin) Clock() (Clock, error) {
	var clock Clock
	err := a.Call("GET", "/clock", nil, &clock)
	return clock, err
}

// SetClock freezes, sets or steps the clock.
func (a *Admin) SetClock(change ClockChange) (Clock, error) {
	var clock Clock
	err := a.Call("PUT", "/clock", change, &clock)
	return clock, err
}

// Advance lets the clock jump ahead, by whole milliseconds.
func (a *Admin) Advance(span time.Duration) (Clock, error) {
	var clock Clock
	err := a.Call("PUT", "/clock", map[string]int64{"advance": span.Milliseconds()}, &clock)
	return clock, err
}

// Fault sets a fault, or the faults of a preset, and returns what was set.
func (a *Admin) Fault(fault Fault) ([]Fault, error) {
	var answer struct{ Faults []Fault }
	err := a.Call("POST", "/faults", fault, &answer)
	return answer.Faults, err
}

// Faults returns the faults, and how often each has struck.
func (a *Admin) Faults() ([]Fault, error) {
	var answer struct{ Faults []Fault }
	err := a.Call("GET", "/faults", nil, &answer)
	return answer.Faults, err
}

// ClearFaults removes all faults.
func (a *Admin) ClearFaults() error {
	return a.Call("DELETE", "/faults", nil, nil)
}

// Requests returns the requests that fit, with their answers, the oldest first.
func (a *Admin) Requests(pattern Pattern) ([]Exchange, error) {
	var answer struct{ Requests []Exchange }
	err := a.Call("POST", "/requests/find", pattern, &answer)
	return answer.Requests, err
}

// Unmatched returns the requests whose method and path no vendor has, the latest first.
func (a *Admin) Unmatched() ([]Exchange, error) {
	var answer struct{ Requests []Exchange }
	err := a.Call("GET", "/requests/unmatched", nil, &answer)
	return answer.Requests, err
}

// Count returns how many requests fit.
func (a *Admin) Count(pattern Pattern) (int, error) {
	var answer struct{ Count int }
	err := a.Call("POST", "/requests/count", pattern, &answer)
	return answer.Count, err
}

// Verify returns an error that shows what came when other than the expected number of requests fit.
func (a *Admin) Verify(pattern Pattern, times Times) error {
	verification := struct {
		Pattern
		Times
	}{pattern, times}
	return a.Call("POST", "/requests/verify", verification, nil)
}

// Explain explains why the request with this id, which is its answer's X-Mock-Request-Id, was answered as it was.
func (a *Admin) Explain(id string) (Explanation, error) {
	var explanation Explanation
	err := a.Call("GET", "/requests/"+url.PathEscape(id)+"/explain", nil, &explanation)
	return explanation, err
}

// Transcript returns all requests and answers as text for a person, bodies shortened, with why each was refused.
func (a *Admin) Transcript() (string, error) {
	exchanges, err := a.Requests(Pattern{})
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for _, exchange := range exchanges {
		if err := a.describe(&text, exchange); err != nil {
			return "", err
		}
	}
	return text.String(), nil
}

// Call calls /__admin below the mock's URL: the way to all that has no method. Body and answer may be nil.
func (a *Admin) Call(method, path string, body, answer any) error {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequest(method, a.URL+"/__admin"+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if a.Token != "" {
		request.Header.Set("X-Mock-Admin-Token", a.Token)
	}
	return a.send(request, answer)
}

func (a *Admin) send(request *http.Request, answer any) error {
	response, err := a.client.Do(request)
	if err != nil {
		return fmt.Errorf("%w%s", err, a.diagnose())
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("%w%s", err, a.diagnose())
	}
	if response.StatusCode >= 300 {
		return &AdminError{Status: response.StatusCode, Detail: detailOf(text)}
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}

func (a *Admin) describe(text *strings.Builder, exchange Exchange) error {
	status := "no answer"
	if exchange.Response.Status != 0 {
		status = fmt.Sprint(exchange.Response.Status)
	}
	fmt.Fprintf(text, "%s %s -> %s\n", exchange.Request.Method, exchange.Request.URL, status)
	if exchange.Request.Body != "" {
		fmt.Fprintf(text, "    sent     %s\n", shortened(exchange.Request.Body))
	}
	if exchange.Response.Body != "" {
		fmt.Fprintf(text, "    answered %s\n", shortened(exchange.Response.Body))
	}
	if len(exchange.Faults) > 0 {
		fmt.Fprintf(text, "    faults   %s\n", strings.Join(exchange.Faults, ", "))
	}
	if exchange.Rule == "" && exchange.WasMatched {
		return nil
	}
	explanation, err := a.Explain(exchange.ID)
	if err != nil {
		return err
	}
	rule := "none"
	if exchange.Rule != "" {
		rule = exchange.Rule
	}
	fmt.Fprintf(text, "    rule     %s: %s\n", rule, explanation.Summary)
	return nil
}

func shortened(body string) string {
	text := []rune(strings.Join(strings.Fields(body), " "))
	if len(text) <= longestBody {
		return string(text)
	}
	return fmt.Sprintf("%s… (%d characters)", string(text[:longestBody]), len(text))
}

// detailOf returns the text of a refusal; what is not in the admin API's shape as it is.
func detailOf(text []byte) string {
	var refusal struct{ Errors []struct{ Detail string } }
	if json.Unmarshal(text, &refusal) != nil || len(refusal.Errors) == 0 || refusal.Errors[0].Detail == "" {
		return string(text)
	}
	details := make([]string, len(refusal.Errors))
	for index, err := range refusal.Errors {
		details[index] = err.Detail
	}
	return strings.Join(details, "\n")
}
