// Package mocktest provides a separate namespace of the mock server for each test.
package mocktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"testing"
)

// Namespace is the namespace of one test.
type Namespace struct {
	// URL is its base URL, without a trailing slash.
	URL string
	t   *testing.T
}

var invalidCharacters = regexp.MustCompile(`[^A-Za-z0-9._-]`)

// NewNamespace returns the namespace of a test; the server creates it when its path prefix `/ns/NAME` is first used.
func NewNamespace(t *testing.T) Namespace {
	t.Helper()
	t.Parallel()
	name := invalidCharacters.ReplaceAllString(t.Name(), "-")
	return Namespace{URL: os.Getenv("MOCK_NAMESPACE_PREFIX") + "." + name, t: t}
}

// Fault injects a fault into the first `times` requests to `operation`, or into all if `times` is 0.
func (ns Namespace) Fault(operation string, effect map[string]any, times int) {
	ns.t.Helper()
	schedule := map[string]any{}
	if times > 0 {
		schedule["times"] = times
	}
	match := map[string]any{"operation": operation}
	ns.post("faults", map[string]any{"match": match, "effect": effect, "schedule": schedule}, &struct{}{})
}

// Requests returns the number of received requests to `operation`.
func (ns Namespace) Requests(operation string) int {
	ns.t.Helper()
	var result struct{ Count int }
	ns.post("requests/count", map[string]any{"operation": operation}, &result)
	return result.Count
}

func (ns Namespace) post(route string, body, result any) {
	ns.t.Helper()
	data, err := json.Marshal(body)
	NoError(ns.t, err)
	response, err := http.Post(ns.URL+"/__admin/"+route, "application/json", bytes.NewReader(data))
	NoError(ns.t, err)
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		ns.t.Fatalf("%s returned %s", route, response.Status)
	}
	NoError(ns.t, json.NewDecoder(response.Body).Decode(result))
}

// NoError ends the test if there is an error.
func NoError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Equal fails the test if the printed forms of two values differ.
func Equal(t *testing.T, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
