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

// maxNameLength is the maximum length of a namespace name.
const maxNameLength = 128

var invalidNameCharacters = regexp.MustCompile(`[^A-Za-z0-9._~:@+-]+`)

// URLs are the base URLs for the vendors' SDKs. IBM is the base URL of access groups and of the token endpoint.
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

// A Server is a server process and its default namespace.
type Server struct {
	*Mock
	PID int

	process *serverProcess
}

// Config is the configuration of a server.
type Config struct {
	// Seed is the path of a seed file; empty for none.
	Seed string
	// Args are additional arguments of the server, such as "--explain".
	Args []string
	// Binary is the path of the server binary; by default that of FindBinary.
	Binary string
	// Timeout is the maximum time until the server is ready; 30 seconds by default.
	Timeout time.Duration
}

// Start starts a server for the test, on a free local port, and stops it at the end of the test.
func Start(t testing.TB) *Server {
	t.Helper()
	return Config{}.Start(t)
}

// Start starts a server for the test, on a free local port, and stops it at the end of the test.
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

// Run starts a server outside of a test, for example in TestMain; the caller must stop it. The error contains the
// standard error of the server.
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
	// A test binary that panics or exceeds its timeout runs no cleanup, so the server monitors its parent process. On
	// Windows it would monitor its standard input, which is closed.
	if runtime.GOOS != "windows" {
		command.Env = append(os.Environ(), "AGM_EXIT_WITH_PARENT=true")
	}
	process, err := startProcess(command)
	if err != nil {
		return nil, err
	}
	url, err := process.waitUntilReady(timeout)
	if err != nil {
		_ = process.stop()
		return nil, fmt.Errorf("%s: %w. Its standard error:\n%s", command, err, process.stderrText())
	}
	return &Server{Mock: newMock(url, "default", process.exitReport), PID: command.Process.Pid, process: process}, nil
}

// Connect returns a mock for a running server at a URL; no request is sent.
func Connect(url string) *Mock {
	return newMock(url, "default", func() string { return "" })
}

// Stop stops the server gracefully; it does nothing if the server has already stopped.
func (s *Server) Stop() error {
	return s.process.stop()
}

// Namespace returns a new namespace of the same server for the test, which is created from the seed on first use. It is
// deleted at the end of the test; if the test has failed, its requests and their responses are logged first.
func (m *Mock) Namespace(t testing.TB) *Mock {
	t.Helper()
	random := make([]byte, 4)
	_, _ = rand.Read(random) // Read never returns an error.
	suffix := "-" + hex.EncodeToString(random)
	name := invalidNameCharacters.ReplaceAllString(t.Name(), "-")
	name = name[:min(len(name), maxNameLength-len(suffix))] + suffix

	namespace := newMock(m.URL+"/ns/"+name, name, m.Admin.diagnose)
	namespace.Admin.Token = m.Admin.Token
	t.Cleanup(func() {
		namespace.logIfFailed(t)
		err := m.Admin.Call("DELETE", "/namespaces/"+name, nil, nil)
		// A namespace that was never used does not exist.
		if adminErr := (*AdminError)(nil); err != nil && !(errors.As(err, &adminErr) && adminErr.Status == http.StatusNotFound) {
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
