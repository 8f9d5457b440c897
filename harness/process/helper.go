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

// Serve does what this process was started for and returns the exit status. run gets the
// request that Options.Request made. Its error goes to the process's log.
func Serve(run func(request json.RawMessage, h *Helper) error) int {
	if os.Getenv(reaperEnv) != "" { // it inherits the trial's environment too
		return reap()
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
