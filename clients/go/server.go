package agm

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

// longestName is how long the name of a namespace may be.
const longestName = 128

var notOfNames = regexp.MustCompile(`[^A-Za-z0-9._~:@+-]+`)

// URLs are what the vendors' SDKs take as their base URL. IBM's is that of the access groups and of the token endpoint.
type URLs struct {
	Cloudflare, IBM, Authress, Legacy string
}

// A Mock is a running mock: the default namespace of a server, or one of its namespaces.
type Mock struct {
	Name  string
	URL   string
	URLs  URLs
	Admin *Admin
}

// A Server is a server of its own, and the mock of its default namespace.
type Server struct {
	*Mock
	PID int

	run *run
}

// Config is what a server is started with.
type Config struct {
	// Seed is the path of a seed file; none when it is empty.
	Seed string
	// Args are further arguments of the program, such as "--explain".
	Args []string
	// Binary is the path of the program; what FindBinary finds when it is empty.
	Binary string
	// Timeout is how long it may take to become ready; 30 seconds when it is 0.
	Timeout time.Duration
}

// Start starts a server for the test, on a free port of this machine, and stops it at the test's end.
func Start(t testing.TB) *Server {
	t.Helper()
	return Config{}.Start(t)
}

// Start starts a server for the test, on a free port of this machine, and stops it at the test's end.
func (c Config) Start(t testing.TB) *Server {
	t.Helper()
	server, err := c.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.logIfFailed(t)
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// Run starts a server outside of a test, such as in TestMain, which has to stop it. The error holds its standard error.
func (c Config) Run() (*Server, error) {
	binary := c.Binary
	if binary == "" {
		var err error
		if binary, err = FindBinary(); err != nil {
			return nil, err
		}
	}
	args := append([]string{"--port", "0"}, c.Args...)
	if c.Seed != "" {
		args = append(args, "--seed", c.Seed)
	}
	timeout := c.Timeout
	if timeout == 0 {
		timeout = 30 * time.Second
	}

	command := exec.Command(binary, args...)
	// A test binary that panics or runs out of time cleans nothing up, so the server watches it. On Windows it would
	// watch its standard input, which is closed.
	if runtime.GOOS != "windows" {
		command.Env = append(os.Environ(), "AGM_EXIT_WITH_PARENT=true")
	}
	run, err := begin(command)
	if err != nil {
		return nil, err
	}
	url, err := run.ready(timeout)
	if err != nil {
		_ = run.end()
		return nil, fmt.Errorf("%s: %w. Its standard error:\n%s", run.command, err, run.log())
	}
	return &Server{Mock: newMock(url, "default", run.lastWords), PID: run.command.Process.Pid, run: run}, nil
}

// Connect returns the mock that runs at a URL already; nothing is sent before its first use.
func Connect(url string) *Mock {
	return newMock(url, "default", func() string { return "" })
}

// Stop stops the server gracefully; it does nothing when it has stopped.
func (s *Server) Stop() error {
	return s.run.end()
}

// Namespace returns a mock of its own for the test, on the same server and with the same seed. It is forgotten at the
// test's end; when the test has failed, its requests and their answers are logged before.
func (m *Mock) Namespace(t testing.TB) *Mock {
	t.Helper()
	random := make([]byte, 4)
	_, _ = rand.Read(random) // It never fails.
	ending := "-" + hex.EncodeToString(random)
	name := notOfNames.ReplaceAllString(t.Name(), "-")
	name = name[:min(len(name), longestName-len(ending))] + ending

	namespace := newMock(m.URL+"/ns/"+name, name, m.Admin.diagnose)
	namespace.Admin.Token = m.Admin.Token
	t.Cleanup(func() {
		namespace.logIfFailed(t)
		err := m.Admin.Call("DELETE", "/namespaces/"+name, nil, nil)
		// It comes into being with its first request, which perhaps never came.
		if refusal := (*AdminError)(nil); err != nil && !(errors.As(err, &refusal) && refusal.Status == http.StatusNotFound) {
			t.Error(err)
		}
	})
	return namespace
}

func newMock(url, name string, diagnose func() string) *Mock {
	url = strings.TrimRight(url, "/")
	urls := URLs{Cloudflare: url + "/client/v4", IBM: url, Authress: url, Legacy: url}
	return &Mock{Name: name, URL: url, URLs: urls, Admin: newAdmin(url, diagnose)}
}

func (m *Mock) logIfFailed(t testing.TB) {
	t.Helper()
	if !t.Failed() {
		return
	}
	transcript, err := m.Admin.Transcript()
	if err != nil {
		transcript = err.Error()
	}
	if transcript != "" {
		t.Logf("requests to %s:\n%s", m.URL, transcript)
	}
}
