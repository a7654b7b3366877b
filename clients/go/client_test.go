package agm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	groups = "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups"
	demo   = "../../seeds/demo.json"
)

var server *Server

func TestMain(m *testing.M) {
	var err error
	if server, err = (Config{}).Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := server.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func TestNamespacesAreIsolated(t *testing.T) {
	one, two := server.Namespace(t), server.Namespace(t)

	createGroup(t, one, "mine", 201)

	equal(t, listGroups(t, one), []string{"mine"})
	equal(t, listGroups(t, two), nil)
	equal(t, must(two.Admin.Count(Pattern{Method: "POST"}))(t), 0)
}

func TestNamespacesAreDeletedAtTheEndOfTheTest(t *testing.T) {
	own := Start(t)
	var used string
	t.Run("a test/ä "+strings.Repeat("x", 200), func(t *testing.T) {
		mock := own.Namespace(t)
		used = mock.Name
		own.Namespace(t) // This namespace is never used.
		createGroup(t, mock, "mine", 201)
	})

	matches(t, used, `^TestNamespacesAreDeleted\w+-a_test-_x+-[0-9a-f]{8}$`)
	equal(t, len(used), 128)
	var remaining struct{ Namespaces []struct{ Name string } }
	ok(t, own.Admin.Call("GET", "/namespaces", nil, &remaining))
	equal(t, len(remaining.Namespaces), 1)
}

func TestURLsAreTheBaseURLsOfTheSDKs(t *testing.T) {
	mock := Connect(server.URL + "/")

	equal(t, mock.URLs, URLs{server.URL + "/client/v4", server.URL, server.URL, server.URL})
}

func TestStateSnapshotsAndResets(t *testing.T) {
	mock := server.Namespace(t)
	createGroup(t, mock, "first", 201)
	ok(t, mock.Admin.Snapshot("one"))
	createGroup(t, mock, "second", 201)
	saved := must(mock.Admin.State())(t)

	ok(t, mock.Admin.Restore("one"))
	equal(t, listGroups(t, mock), []string{"first"})
	ok(t, mock.Admin.Reset("state", "clock"))
	equal(t, listGroups(t, mock), nil)
	equal(t, must(mock.Admin.Count(Pattern{}))(t), 4)
	ok(t, mock.Admin.Seed(saved))
	listed := listGroups(t, mock)
	slices.Sort(listed)
	equal(t, listed, []string{"first", "second"})
	ok(t, mock.Admin.Reset())
	equal(t, must(mock.Admin.Count(Pattern{}))(t), 0)
}

func TestSeedIsReadFromAFileAndItsErrorsHaveAPath(t *testing.T) {
	mock := server.Namespace(t)

	ok(t, mock.Admin.SeedFile(demo))

	equal(t, listGroups(t, mock), []string{"Allow devs"})
	err := mock.Admin.Seed(map[string]any{"version": 1, "ibm": map[string]any{"accounts": 7}})
	var adminErr *AdminError
	if !errors.As(err, &adminErr) {
		t.Fatalf("%v is not an AdminError", err)
	}
	equal(t, adminErr.Status, 400)
	matches(t, adminErr.Detail, `ibm\.accounts`)
}

func TestServerStartsWithItsSeed(t *testing.T) {
	own := Config{Seed: demo, Args: []string{"--clock", "frozen@2031-01-01T00:00:00Z"}}.Start(t)

	equal(t, listGroups(t, own.Mock), []string{"Allow devs"})
	equal(t, must(own.Namespace(t).Admin.Clock())(t).Now.Year(), 2031)
}

func TestFaultIsInjectedTheScheduledNumberOfTimes(t *testing.T) {
	mock := server.Namespace(t)

	added := must(mock.Admin.Fault(Fault{
		ID:       "once",
		Match:    Pattern{Operation: "cloudflare_create_access_group"},
		Effect:   Effect{Type: "status", Status: 503},
		Schedule: Schedule{Times: 1},
	}))(t)

	equal(t, added[0].ID, "once")
	createGroup(t, mock, "mine", 503)
	createGroup(t, mock, "mine", 201)
	fault := must(mock.Admin.Faults())(t)[0]
	equal(t, fault.Matched, 2)
	equal(t, fault.Injected, 1)
	ok(t, mock.Admin.ClearFaults())
	equal(t, len(must(mock.Admin.Faults())(t)), 0)
	equal(t, len(must(mock.Admin.Fault(Fault{Preset: "outage"}))(t)), 1)
}

func TestClockIsSetAndAdvanced(t *testing.T) {
	admin := server.Namespace(t).Admin
	day := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

	equal(t, must(admin.SetClock(ClockChange{Mode: "frozen", Now: day}))(t).Now, day)
	later := time.Hour + 5*time.Millisecond
	equal(t, must(admin.Advance(later))(t).Now, day.Add(later))
	equal(t, must(admin.Clock())(t).Mode, "frozen")
}

func TestFidelityIsSetUntilTheNextReset(t *testing.T) {
	admin := server.Namespace(t).Admin

	ok(t, admin.SetFidelity("live"))
	equal(t, must(admin.Fidelity())(t), "live")
	ok(t, admin.Reset())
	equal(t, must(admin.Fidelity())(t), "documented")
}

func TestVerificationCountsRequestsAndListsWhatWasReceived(t *testing.T) {
	mock := server.Namespace(t)
	createGroup(t, mock, "mine", 201)

	ok(t, mock.Admin.Verify(Pattern{Method: "POST"}, Times{}))
	ok(t, mock.Admin.Verify(Pattern{Method: "POST"}, AtLeast(1)))
	ok(t, mock.Admin.Verify(Pattern{Method: "DELETE"}, Exactly(0)))
	ok(t, mock.Admin.Verify(Pattern{Method: "DELETE"}, AtMost(1)))
	err := mock.Admin.Verify(Pattern{Method: "DELETE"}, Exactly(1))
	matches(t, fmt.Sprint(err), `expected exactly 1 matching request`)
	matches(t, fmt.Sprint(err), `POST `+groups+` -> 201`)
}

func TestRecordIsInTheFormatOfASeed(t *testing.T) {
	mock := server.Namespace(t)
	ok(t, mock.Admin.Seed(map[string]any{"authress": map[string]any{"groups": []any{
		map[string]any{"groupId": "grp_a", "name": "A", "users": []any{}, "admins": []any{}},
	}}}))

	var record struct{ Name string }
	ok(t, mock.Admin.Record("authress", "group", "grp_a", "", &record))

	equal(t, record.Name, "A")
	equal(t, mock.Admin.Record("authress", "group", "grp_a", "other", &record) != nil, true)
}

func TestMetricsAreInTheTextFormatOfPrometheus(t *testing.T) {
	mock := server.Namespace(t)
	createGroup(t, mock, "counted", 201)

	metrics := must(mock.Admin.Metrics())(t)

	created := `dialect="cloudflare",operation="cloudflare_create_access_group",status="2xx"`
	matches(t, metrics, `\naccess_groups_mock_requests_total\{`+created+`\} \d`)
}

func TestErrorResponseIsExplained(t *testing.T) {
	mock := server.Namespace(t)
	send(t, "POST", mock.URL+groups, map[string]any{"name": 7})
	send(t, "GET", mock.URL+"/nothing", nil)

	requests := must(mock.Admin.Requests(Pattern{Since: time.Unix(0, 0)}))(t)

	rejected, unmatched := requests[0], requests[1]
	explanation := must(mock.Admin.Explain(rejected.ID))(t)
	equal(t, explanation.Rule.ID, rejected.Rule)
	equal(t, rejected.Reason != "" && strings.Contains(explanation.Summary, rejected.Reason), true)
	equal(t, explanation.Rule.Description != "", true)
	equal(t, explanation.Remediation, explanation.Rule.Remediation)
	equal(t, len(explanation.Received) > 0, true)
	found := must(mock.Admin.Unmatched())(t)
	equal(t, len(found), 1)
	equal(t, found[0].ID, unmatched.ID)
	equal(t, must(mock.Admin.Explain(unmatched.ID))(t).Suggestions, found[0].Suggestions)
	transcript := must(mock.Admin.Transcript())(t)
	matches(t, transcript, `POST `+groups+` -> 400`)
	matches(t, transcript, `request  \{"name":7\}`)
	matches(t, transcript, `rule     `+rejected.Rule)
	matches(t, transcript, `GET /nothing -> 404`)
}

// A failedTest is a test that reports itself as failed.
type failedTest struct {
	testing.TB
	logged   []string
	cleanups []func()
}

func (f *failedTest) Failed() bool           { return true }
func (f *failedTest) Cleanup(cleanup func()) { f.cleanups = append(f.cleanups, cleanup) }
func (f *failedTest) Logf(format string, args ...any) {
	f.logged = append(f.logged, fmt.Sprintf(format, args...))
}

func TestFailedTestLogsItsRequests(t *testing.T) {
	failed := &failedTest{TB: t}
	mock := server.Namespace(failed)
	createGroup(t, mock, "mine", 201)

	failed.cleanups[0]()

	equal(t, len(failed.logged), 1)
	matches(t, failed.logged[0], `requests to `+regexp.QuoteMeta(mock.URL)+`:\nPOST `+groups+` -> 201\n    request  \{`)
	equal(t, must(mock.Admin.Count(Pattern{}))(t), 0)
	ok(t, server.Admin.Call("DELETE", "/namespaces/"+mock.Name, nil, nil))
}

func TestAdminTokenIsSent(t *testing.T) {
	t.Setenv("AGM_ADMIN_TOKEN", "secret")
	own := Start(t)

	_ = must(own.Namespace(t).Admin.Faults())(t)
	own.Admin.Token = "wrong"
	_, err := own.Admin.Faults()

	own.Admin.Token = "secret"
	var adminErr *AdminError
	equal(t, errors.As(err, &adminErr) && adminErr.Status == 401, true)
}

func TestServerStopsGracefullyAndStopIsIdempotent(t *testing.T) {
	own := must(Config{}.Run())(t)

	ok(t, own.Stop())
	ok(t, own.Stop())
}

func TestStartErrorContainsTheReason(t *testing.T) {
	_, badFlag := Config{Args: []string{"--no-such-flag"}}.Run()
	_, badSeed := Config{Seed: "no-such-file"}.Run()
	_, noBinary := Config{Binary: "/nowhere"}.Run()

	matches(t, fmt.Sprint(badFlag), `exit status 2(.|\n)*--no-such-flag`)
	matches(t, fmt.Sprint(badSeed), `exit status 3(.|\n)*no-such-file`)
	matches(t, fmt.Sprint(noBinary), `/nowhere`)
}

func TestServerThatIsNotReadyInTimeIsStopped(t *testing.T) {
	silent := script(t, "echo 'still thinking' >&2; exec sleep 60")
	chatty := script(t, "echo hello; exec sleep 60")

	_, late := Config{Binary: silent, Timeout: 3 * time.Second}.Run()
	_, wrong := Config{Binary: chatty}.Run()

	matches(t, fmt.Sprint(late), `not ready after 3s(.|\n)*still thinking`)
	matches(t, fmt.Sprint(wrong), `ready line: hello`)
}

func TestErrorOfACallToAnExitedServerContainsItsExitStatus(t *testing.T) {
	own := must(Config{}.Run())(t)
	ok(t, own.process.command.Process.Kill())

	_, err := own.Admin.State()

	matches(t, fmt.Sprint(err), `the server exited: signal: killed. Its standard error:`)
	matches(t, fmt.Sprint(own.Stop()), `signal: killed`)
}

func TestBinaryIsReadFromTheVariableOrElseFromThePath(t *testing.T) {
	binary := script(t, "exit 0")

	t.Setenv("AGM_BIN", binary)
	equal(t, must(FindBinary())(t), binary)
	t.Setenv("AGM_BIN", "/nowhere")
	_, err := FindBinary()
	matches(t, fmt.Sprint(err), "AGM_BIN is `/nowhere`")
	t.Setenv("AGM_BIN", "")
	t.Setenv("PATH", filepath.Dir(binary))
	equal(t, must(FindBinary())(t), binary)
}

func TestLatestBuildIsFoundAndErrorForAMissingBinaryListsAllLocations(t *testing.T) {
	target := t.TempDir()
	t.Setenv("AGM_BIN", "")
	t.Setenv("PATH", target)
	original := targetFolders
	t.Cleanup(func() { targetFolders = original })
	targetFolders = func() []string { return []string{target} }

	_, err := FindBinary()
	for _, location := range []string{"AGM_BIN: not set", "PATH: " + target, target + "/release/", target + "/debug/"} {
		matches(t, fmt.Sprint(err), regexp.QuoteMeta(location))
	}

	for age, profile := range []string{"debug", "release"} {
		ok(t, os.Mkdir(filepath.Join(target, profile), 0o755))
		build := filepath.Join(target, profile, binaryName)
		ok(t, os.Rename(script(t, "exit 0"), build))
		modified := time.Unix(int64(1000-age), 0)
		ok(t, os.Chtimes(build, modified, modified))
	}
	equal(t, must(FindBinary())(t), filepath.Join(target, "debug", binaryName))
}

func createGroup(t *testing.T, mock *Mock, name string, expected int) {
	t.Helper()
	body := map[string]any{"name": name, "include": []any{map[string]any{"everyone": map[string]any{}}}}
	status, _ := send(t, "POST", mock.URL+groups, body)
	equal(t, status, expected)
}

func listGroups(t *testing.T, mock *Mock) []string {
	t.Helper()
	_, body := send(t, "GET", mock.URL+groups, nil)
	var list struct{ Result []struct{ Name string } }
	ok(t, json.Unmarshal(body, &list))
	var names []string
	for _, group := range list.Result {
		names = append(names, group.Name)
	}
	return names
}

func send(t *testing.T, method, url string, body any) (int, []byte) {
	t.Helper()
	encoded := must(json.Marshal(body))(t)
	request := must(http.NewRequest(method, url, bytes.NewReader(encoded)))(t)
	request.Header.Set("Authorization", "Bearer any")
	request.Header.Set("Content-Type", "application/json")
	response := must(http.DefaultClient.Do(request))(t)
	defer response.Body.Close()
	return response.StatusCode, must(io.ReadAll(response.Body))(t)
}

func script(t *testing.T, commands string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), binaryName)
	ok(t, os.WriteFile(path, []byte("#!/bin/sh\n"+commands+"\n"), 0o755))
	return path
}

// must returns a function that returns the value, or fails the test if there is an error.
func must[T any](value T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		ok(t, err)
		return value
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T any](t *testing.T, actual, expected T) {
	t.Helper()
	if one, other := fmt.Sprintf("%#v", actual), fmt.Sprintf("%#v", expected); one != other {
		t.Errorf("was %s, expected %s", one, other)
	}
}

func matches(t *testing.T, text, pattern string) {
	t.Helper()
	if !regexp.MustCompile(pattern).MatchString(text) {
		t.Errorf("%q does not match %s", text, pattern)
	}
}
