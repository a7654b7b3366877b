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

// timeToStop is how long a server may take to stop before it is killed.
const timeToStop = 5 * time.Second

// A run is a process of the program.
type run struct {
	command *exec.Cmd
	lines   chan string
	ended   chan struct{}
	stderr  lockedBuffer
}

func begin(command *exec.Cmd) (*run, error) {
	r := &run{command: command, lines: make(chan string, 1), ended: make(chan struct{})}
	command.Stderr = &r.stderr
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
			r.lines <- line
		}
		// Whatever it writes later must not block it.
		_, _ = io.Copy(io.Discard, reader)
		_ = command.Wait()
		close(r.ended)
	}()
	return r, nil
}

// ready returns the URL of the ready line.
func (r *run) ready(timeout time.Duration) (string, error) {
	select {
	case line := <-r.lines:
		var ready struct{ URL string }
		if err := json.Unmarshal([]byte(line), &ready); err != nil || ready.URL == "" {
			return "", fmt.Errorf("it wrote this in the place of its ready line: %s", strings.TrimSpace(line))
		}
		return ready.URL, nil
	case <-r.ended:
		return "", fmt.Errorf("it ended with %s", r.command.ProcessState)
	case <-time.After(timeout):
		return "", fmt.Errorf("it was not ready after %s", timeout)
	}
}

// end stops the process, and returns an error when it had not ended well.
func (r *run) end() error {
	// A process that has ended is none to signal, and the state tells how it did.
	_ = r.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-r.ended:
	case <-time.After(timeToStop):
		_ = r.command.Process.Kill()
		<-r.ended
	}
	if state := r.command.ProcessState; !state.Success() {
		return fmt.Errorf("the server ended with %s. Its standard error:\n%s", state, r.log())
	}
	return nil
}

// lastWords returns what is to be said of a server that does not answer: nothing when it still runs.
func (r *run) lastWords() string {
	select {
	case <-r.ended:
	// A connection breaks a moment before the process can be waited for.
	case <-time.After(500 * time.Millisecond):
		return ""
	}
	return fmt.Sprintf("\nthe server ended with %s. Its standard error:\n%s", r.command.ProcessState, r.log())
}

func (r *run) log() string {
	if text := strings.TrimSpace(r.stderr.String()); text != "" {
		return text
	}
	return "(nothing)"
}

// A lockedBuffer can be read while a process writes to it.
type lockedBuffer struct {
	mutex sync.Mutex
	text  strings.Builder
}

func (b *lockedBuffer) Write(text []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.Write(text)
}

func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.String()
}
