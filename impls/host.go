package impls

import (
	"context"
	"encoding/json"
)

// Host runs the processes that an implementation is made of, such as a server. The processes end, and Dir is removed, with the
// process that asked for them, however that one ends.
type Host interface {
	// Dir returns a folder of mode 0700 for files of one trial.
	Dir() string
	// Start runs a program, and returns when it is ready. The error holds the end of its log.
	Start(ctx context.Context, p Program) (Process, error)
	// Endpoint returns where a user's own server listens that is to be used instead of starting one, or "".
	Endpoint(engine string) string
}

// Program is what a Host starts: a function of this executable, or another executable.
type Program struct {
	Name string // in errors, and of the log
	// Entry names the function, and Args is what it gets, as JSON.
	Entry string
	Args  any
	// Path and the rest are of another executable. Ready is called until it returns nil; the process is ready then.
	Path  string
	Argv  []string
	Env   []string // beside this process's own
	Ready func(ctx context.Context) error
}

// Process is a running Program. Its methods may be called by one goroutine at a time.
type Process interface {
	Pid() int
	// Message returns what the function of an Entry said when it was ready.
	Message() json.RawMessage
	// Kill ends it at once, as a crash does, and returns when it is gone.
	Kill() error
	// Pause stops it until Resume, as a long pause of its machine does.
	Pause() error
	Resume() error
	// Restart runs the program anew after Kill or Stop, and returns when it is ready.
	Restart(ctx context.Context) error
	// Stop asks it to end, waits for that, and kills it if it takes too long. The error is that of its exit.
	Stop() error
}
