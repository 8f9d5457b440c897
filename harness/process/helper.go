package process

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// helperEnv tells a process that it runs one function for a trial: a server, or a client
// that can be killed. The first line of standard input says which. The end of standard
// input asks it to end. Its messages go to descriptor 3.
const helperEnv = "CONTEND_HELPER"

// Helper is what a function that a trial runs in another process sees of that process.
type Helper struct {
	// Context is cancelled when the process is asked to end, or when the trial has ended.
	Context context.Context
	out     *json.Encoder
}

// Ready tells the trial that the process is ready, with a message such as the address
// that it listens at. A function must call it once.
func (h *Helper) Ready(message any) error {
	if err := h.out.Encode(message); err != nil {
		return fmt.Errorf("reporting to the trial: %w", err)
	}
	return nil
}

// asked is whether this executable asks what it was started for. One that does not would
// do all its usual work again when a trial starts it to run a function.
var asked atomic.Bool

// ErrNotAsked is the error of a trial that cannot start processes.
var ErrNotAsked = errors.New(`this executable does not run the processes that trials start; add to its tests
	func TestMain(m *testing.M) {
		if child.Is() {
			os.Exit(child.Main(suites))
		}
		os.Exit(m.Run())
	}
with package github.com/contendbench/contend/harness/child and the suites under test`)

// IsHelper reports whether this process was started to run a function or to clean up. If
// so, it must call Serve.
func IsHelper() bool {
	asked.Store(true)
	return os.Getenv(helperEnv) != "" || os.Getenv(reaperEnv) != ""
}

// Take takes the variable that tells this process its task out of the environment, so that
// no process that it starts inherits the task. It returns an error if contend did not
// start this process: then the variable is set by accident.
func Take(name string) (value string, err error) {
	value = os.Getenv(name)
	if !isPipe(0) || !isPipe(3) {
		return "", fmt.Errorf("%s=%s is set in the environment, but contend did not start this process: "+
			"unset the variable, which only contend sets", name, value)
	}
	unix.CloseOnExec(3) // what this process starts must not keep it open
	return value, os.Unsetenv(name)
}

// isPipe reports whether a descriptor is a pipe. Both ends that a process gets from contend
// are: standard input and descriptor 3.
func isPipe(descriptor int) bool {
	var s unix.Stat_t
	return unix.Fstat(descriptor, &s) == nil && s.Mode&unix.S_IFMT == unix.S_IFIFO
}

// Serve does what this process was started for and returns the exit status. run gets the
// request that Options.Request made. Its error goes to the process's log.
func Serve(run func(request json.RawMessage, h *Helper) error) int {
	name := helperEnv
	if os.Getenv(reaperEnv) != "" {
		name = reaperEnv
	}
	task, err := Take(name)
	if err != nil {
		fmt.Fprintln(os.Stderr, "contend:", err)
		return 2
	}
	if name == reaperEnv {
		return reap(task)
	}
	in := bufio.NewReader(os.Stdin)
	request, err := in.ReadBytes('\n')
	if err != nil {
		fmt.Fprintln(os.Stderr, "contend: reading the request:", err)
		return 2
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, in) // only its end matters
	}()
	h := &Helper{Context: ctx, out: json.NewEncoder(os.NewFile(3, "messages"))}
	if err := run(request, h); err != nil {
		fmt.Fprintln(os.Stderr, "contend:", err)
		return 1
	}
	return 0
}
