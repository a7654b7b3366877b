package agm

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// stopTimeout is the time after which a server that does not stop is killed.
const stopTimeout = 5 * time.Second

// A serverProcess is a child process that runs the server binary.
type serverProcess struct {
	command   *exec.Cmd
	firstLine chan string
	exited    chan struct{}
	stderr    lockedBuffer
}

func startProcess(command *exec.Cmd) (*serverProcess, error) {
	p := &serverProcess{command: command, firstLine: make(chan string, 1), exited: make(chan struct{})}
	command.Stderr = &p.stderr
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	go func() {
		reader := bufio.NewReader(output)
		if line, err := reader.ReadString('\n'); err == nil {
			p.firstLine <- line
		}
		// Later output must not block the server.
		_, _ = io.Copy(io.Discard, reader)
		_ = command.Wait()
		close(p.exited)
	}()
	return p, nil
}

// waitUntilReady returns the URL in the ready line.
func (p *serverProcess) waitUntilReady(timeout time.Duration) (string, error) {
	select {
	case line := <-p.firstLine:
		var ready struct{ URL string }
		if err := json.Unmarshal([]byte(line), &ready); err != nil || ready.URL == "" {
			return "", fmt.Errorf("the server printed this instead of the ready line: %s", strings.TrimSpace(line))
		}
		return ready.URL, nil
	case <-p.exited:
		return "", fmt.Errorf("the server exited: %s", p.command.ProcessState)
	case <-time.After(timeout):
		return "", fmt.Errorf("the server was not ready after %s", timeout)
	}
}

// stop stops the server, and returns an error if it did not exit successfully.
func (p *serverProcess) stop() error {
	// The error is ignored: the process may have exited already, which its state shows.
	_ = p.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.exited:
	case <-time.After(stopTimeout):
		_ = p.command.Process.Kill()
		<-p.exited
	}
	if state := p.command.ProcessState; !state.Success() {
		return fmt.Errorf("the server exited: %s. Its standard error:\n%s", state, p.stderrText())
	}
	return nil
}

// exitReport returns the exit status and standard error of the server; empty if it is still running.
func (p *serverProcess) exitReport() string {
	select {
	case <-p.exited:
	// The connection fails shortly before the process has exited.
	case <-time.After(500 * time.Millisecond):
		return ""
	}
	return fmt.Sprintf("\nthe server exited: %s. Its standard error:\n%s", p.command.ProcessState, p.stderrText())
}

func (p *serverProcess) stderrText() string {
	if text := strings.TrimSpace(p.stderr.String()); text != "" {
		return text
	}
	return "(nothing)"
}

// A lockedBuffer is a buffer that can be read while a process writes to it.
type lockedBuffer struct {
	mutex sync.Mutex
	text  strings.Builder
}

func (b *lockedBuffer) Write(data []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.Write(data)
}

func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.String()
}
