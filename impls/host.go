package impls

import (
	"context"
	"encoding/json"
)

// Host runs the processes that an implementation consists of, such as a server. It ends
// them, and removes Dir, when the process that asked for them ends, however that happens.
type Host interface {
	// Dir returns a folder of mode 0700 for the files of one trial.
	Dir() string
	// Start runs a program and returns when it is ready. The error holds the end of its
	// log.
	Start(ctx context.Context, p Program) (Process, error)
	// Endpoint returns the address of a running server of this name that the user offers
	// in place of a started one, or "".
	Endpoint(server string) string
}

// Program is what a Host starts: a function of this executable, or another executable.
type Program struct {
	Name string // in errors, and in the name of its log
	// Entry names a function of this executable. Args reach it as JSON.
	Entry string
	Args  any
	// Path, Argv, Env and Ready describe another executable. Ready is called until it
	// returns nil; the process is ready then.
	Path  string
	Argv  []string
	Env   []string // in addition to this process's own
	Ready func(ctx context.Context) error
}

// Process is a running Program. Its methods are for one goroutine at a time.
type Process interface {
	Pid() int
	// Message returns what an Entry reported when it was ready.
	Message() json.RawMessage
	// Kill ends it at once, as a crash does, and returns when it is gone.
	Kill() error
	// Pause stops it until Resume, as a long pause of its machine does.
	Pause() error
	Resume() error
	// Restart runs the program again after Kill or Stop, and returns when it is ready.
	Restart(ctx context.Context) error
	// Stop asks it to end, waits for that, and kills it if it takes too long. The error
	// is that of its exit.
	Stop() error
}
