// Package space gives each test a mock of its own.
package space

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"testing"
)

// Space is one test's mock.
type Space struct {
	// URL is its address, without a slash at the end.
	URL string
	t   *testing.T
}

var strange = regexp.MustCompile(`[^A-Za-z0-9._-]`)

// New returns the mock of a test; the prefix `/ns/NAME` makes it at its first use.
func New(t *testing.T) Space {
	t.Helper()
	t.Parallel()
	name := strange.ReplaceAllString(t.Name(), "-")
	return Space{URL: os.Getenv("MOCK_SPACE") + "." + name, t: t}
}

// Fault lets the first `times` requests to `operation` go wrong; all of them when `times` is 0.
func (s Space) Fault(operation string, effect map[string]any, times int) {
	s.t.Helper()
	schedule := map[string]any{}
	if times > 0 {
		schedule["times"] = times
	}
	match := map[string]any{"operation": operation}
	s.post("faults", map[string]any{"match": match, "effect": effect, "schedule": schedule}, &struct{}{})
}

// Requests returns how many requests to `operation` arrived.
func (s Space) Requests(operation string) int {
	s.t.Helper()
	var answer struct{ Count int }
	s.post("requests/count", map[string]any{"operation": operation}, &answer)
	return answer.Count
}

func (s Space) post(route string, body, answer any) {
	s.t.Helper()
	text, err := json.Marshal(body)
	Must(s.t, err)
	response, err := http.Post(s.URL+"/__admin/"+route, "application/json", bytes.NewReader(text))
	Must(s.t, err)
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		s.t.Fatalf("%s was answered %s", route, response.Status)
	}
	Must(s.t, json.NewDecoder(response.Body).Decode(answer))
}

// Must ends the test when there is an error.
func Must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Equal fails the test when two values print differently.
func Equal(t *testing.T, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
