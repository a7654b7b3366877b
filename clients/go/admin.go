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

// maxBodyLength is the maximum length of a body in a transcript, in characters.
const maxBodyLength = 400

// An Admin is a client of the admin API for one namespace of a server.
type Admin struct {
	URL string
	// Token is the value of --admin-token; by default that of the environment variable AGM_ADMIN_TOKEN.
	Token string

	diagnose func() string
	client   *http.Client
}

// AdminError is an error response of the admin API.
type AdminError struct {
	Status int
	Detail string
}

func (e *AdminError) Error() string { return e.Detail }

func newAdmin(url string, diagnose func() string) *Admin {
	// A new connection for each call is fast enough on a local machine and leaves no goroutine behind. Requests to a
	// local server must not use a proxy.
	transport := &http.Transport{DisableKeepAlives: true}
	client := &http.Client{Transport: transport, Timeout: 30 * time.Second}
	return &Admin{URL: url, Token: os.Getenv("AGM_ADMIN_TOKEN"), diagnose: diagnose, client: client}
}

// Reset resets the namespace to its initial state, or only the given scopes ("state", "requests", "faults", "clock").
func (a *Admin) Reset(scopes ...string) error {
	path := "/reset"
	if len(scopes) > 0 {
		path += "?scope=" + url.QueryEscape(strings.Join(scopes, ","))
	}
	return a.Call("POST", path, nil, nil)
}

// State returns the complete state as a seed.
func (a *Admin) State() (json.RawMessage, error) {
	var state json.RawMessage
	err := a.Call("GET", "/state", nil, &state)
	return state, err
}

// Seed replaces all records with a seed, or with the result of State.
func (a *Admin) Seed(seed any) error {
	return a.Call("PUT", "/state", seed, nil)
}

// SeedFile replaces all records with the seed in a file.
func (a *Admin) SeedFile(path string) error {
	seed, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return a.Seed(json.RawMessage(seed))
}

// Record decodes one record in the format of a seed, such as an access_group of ibm, into record. Account is needed only if
// several accounts have a record with this id.
func (a *Admin) Record(dialect, kind, id, account string, record any) error {
	path := "/records/" + url.PathEscape(dialect) + "/" + url.PathEscape(kind) + "/" + url.PathEscape(id)
	if account != "" {
		path += "?account=" + url.QueryEscape(account)
	}
	found := struct {
		Record any `json:"record"`
	}{record}
	return a.Call("GET", path, nil, &found)
}

// Snapshot saves the current state as a named snapshot.
func (a *Admin) Snapshot(name string) error {
	return a.Call("POST", "/snapshots/"+url.PathEscape(name), nil, nil)
}

// Restore restores a named snapshot.
func (a *Admin) Restore(name string) error {
	return a.Call("POST", "/snapshots/"+url.PathEscape(name)+"/restore", nil, nil)
}

// Clock returns the state of the virtual clock.
func (a *Admin) Clock() (Clock, error) {
	var clock Clock
	err := a.Call("GET", "/clock", nil, &clock)
	return clock, err
}

// SetClock changes the mode, time or step of the virtual clock, and returns its new state.
func (a *Admin) SetClock(change ClockChange) (Clock, error) {
	var clock Clock
	err := a.Call("PUT", "/clock", change, &clock)
	return clock, err
}

// Advance advances the virtual clock by whole milliseconds, and returns its new state.
func (a *Admin) Advance(duration time.Duration) (Clock, error) {
	var clock Clock
	err := a.Call("PUT", "/clock", map[string]int64{"advance": duration.Milliseconds()}, &clock)
	return clock, err
}

// Fidelity returns "documented" or "live": whether responses follow the vendors' documents or their live services.
func (a *Admin) Fidelity() (string, error) {
	var setting struct{ Fidelity string }
	err := a.Call("GET", "/fidelity", nil, &setting)
	return setting.Fidelity, err
}

// SetFidelity sets whether responses follow the vendors' documents ("documented") or their live services ("live"),
// until the next reset.
func (a *Admin) SetFidelity(fidelity string) error {
	return a.Call("PUT", "/fidelity", map[string]string{"fidelity": fidelity}, nil)
}

// Fault adds a fault, or the faults of a preset, and returns the added faults.
func (a *Admin) Fault(fault Fault) ([]Fault, error) {
	var result struct{ Faults []Fault }
	err := a.Call("POST", "/faults", fault, &result)
	return result.Faults, err
}

// Faults returns the faults with the numbers of matched requests and of injections.
func (a *Admin) Faults() ([]Fault, error) {
	var result struct{ Faults []Fault }
	err := a.Call("GET", "/faults", nil, &result)
	return result.Faults, err
}

// ClearFaults removes all faults.
func (a *Admin) ClearFaults() error {
	return a.Call("DELETE", "/faults", nil, nil)
}

// Requests returns the matching requests with their responses, oldest first.
func (a *Admin) Requests(pattern Pattern) ([]Exchange, error) {
	var result struct{ Requests []Exchange }
	err := a.Call("POST", "/requests/find", pattern, &result)
	return result.Requests, err
}

// Unmatched returns the requests whose method and path belong to no operation, latest first.
func (a *Admin) Unmatched() ([]UnmatchedExchange, error) {
	var result struct{ Requests []UnmatchedExchange }
	err := a.Call("GET", "/requests/unmatched", nil, &result)
	return result.Requests, err
}

// Count returns the number of matching requests.
func (a *Admin) Count(pattern Pattern) (int, error) {
	var result struct{ Count int }
	err := a.Call("POST", "/requests/count", pattern, &result)
	return result.Count, err
}

// Verify returns an error that lists the received requests if the number of matching requests is not the expected one.
func (a *Admin) Verify(pattern Pattern, times Times) error {
	verification := struct {
		Pattern
		Times
	}{pattern, times}
	return a.Call("POST", "/requests/verify", verification, nil)
}

// Explain explains the response to the request with this id, which is also in the response header X-Mock-Request-Id.
func (a *Admin) Explain(id string) (Explanation, error) {
	var explanation Explanation
	err := a.Call("GET", "/requests/"+url.PathEscape(id)+"/explain", nil, &explanation)
	return explanation, err
}

// Metrics returns the counters of the server, in all namespaces together, in the text format of Prometheus.
func (a *Admin) Metrics() (string, error) {
	request, err := a.newRequest("GET", "/metrics", nil)
	if err != nil {
		return "", err
	}
	metrics, err := a.send(request)
	return string(metrics), err
}

// Transcript returns all requests and responses as text, with shortened bodies and the rules that rejected requests.
func (a *Admin) Transcript() (string, error) {
	exchanges, err := a.Requests(Pattern{})
	if err != nil {
		return "", err
	}
	var transcript strings.Builder
	for _, exchange := range exchanges {
		if err := a.describe(&transcript, exchange); err != nil {
			return "", err
		}
	}
	return transcript.String(), nil
}

// Call calls an operation of /__admin that has no method here, and decodes the JSON of the response into result. Body
// and result may be nil.
func (a *Admin) Call(method, path string, body, result any) error {
	request, err := a.newRequest(method, path, body)
	if err != nil {
		return err
	}
	response, err := a.send(request)
	if err != nil || result == nil {
		return err
	}
	return json.Unmarshal(response, result)
}

func (a *Admin) newRequest(method, path string, body any) (*http.Request, error) {
	var encoded []byte
	if body != nil {
		var err error
		if encoded, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	request, err := http.NewRequest(method, a.URL+"/__admin"+path, bytes.NewReader(encoded))
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if a.Token != "" {
		request.Header.Set("X-Mock-Admin-Token", a.Token)
	}
	return request, nil
}

// send returns the body of a successful response.
func (a *Admin) send(request *http.Request) ([]byte, error) {
	response, err := a.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%w%s", err, a.diagnose())
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("%w%s", err, a.diagnose())
	}
	if response.StatusCode >= 300 {
		return nil, &AdminError{Status: response.StatusCode, Detail: errorDetail(body)}
	}
	return body, nil
}

func (a *Admin) describe(transcript *strings.Builder, exchange Exchange) error {
	status := "no response"
	if exchange.Response.Status != 0 {
		status = fmt.Sprint(exchange.Response.Status)
	}
	fmt.Fprintf(transcript, "%s %s -> %s\n", exchange.Request.Method, exchange.Request.URL, status)
	if exchange.Request.Body != "" {
		fmt.Fprintf(transcript, "    request  %s\n", shorten(exchange.Request.Body))
	}
	if exchange.Response.Body != "" {
		fmt.Fprintf(transcript, "    response %s\n", shorten(exchange.Response.Body))
	}
	if len(exchange.Faults) > 0 {
		fmt.Fprintf(transcript, "    faults   %s\n", strings.Join(exchange.Faults, ", "))
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
	fmt.Fprintf(transcript, "    rule     %s: %s\n", rule, explanation.Summary)
	return nil
}

func shorten(body string) string {
	text := []rune(strings.Join(strings.Fields(body), " "))
	if len(text) <= maxBodyLength {
		return string(text)
	}
	return fmt.Sprintf("%s… (%d characters)", string(text[:maxBodyLength]), len(text))
}

// errorDetail returns the details of an error response, or the body itself if it does not have the format of the admin
// API.
func errorDetail(body []byte) string {
	var envelope struct{ Errors []struct{ Detail string } }
	if json.Unmarshal(body, &envelope) != nil || len(envelope.Errors) == 0 || envelope.Errors[0].Detail == "" {
		return string(body)
	}
	details := make([]string, len(envelope.Errors))
	for index, err := range envelope.Errors {
		details[index] = err.Detail
	}
	return strings.Join(details, "\n")
}
