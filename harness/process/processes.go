// Package process runs the processes of a trial. They end with the trial, even if it
// crashes.
package process

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/contendbench/contend/impls"
)

// Processes are the processes of one trial. It implements impls.Host.
type Processes struct {
	o      Options
	dir    string
	reaper *reaper
	all    []*process
}

// Options says what the processes of a trial need to know about it.
type Options struct {
	Endpoints map[string]string // addresses of the user's own servers, by name
	// Request makes the request that tells another process to run a function of this
	// executable; see Serve.
	Request func(entry string, args json.RawMessage) (json.RawMessage, error)
}

// New makes the trial's folder, and starts the process that cleans up after the trial.
// The error is ErrNotAsked in an executable that never called IsHelper.
func New(o Options) (*Processes, error) {
	if !asked.Load() {
		return nil, ErrNotAsked
	}
	r, dir, err := startReaper(forTrial)
	if err != nil {
		return nil, impls.EnvironmentOf(err, "")
	}
	return &Processes{o: o, dir: dir, reaper: r}, nil
}

// Dir returns the trial's folder.
func (h *Processes) Dir() string { return h.dir }

// environment is that of the trial's processes. Their temporary files are the trial's.
func (h *Processes) environment() []string { return append(os.Environ(), "TMPDIR="+h.dir) }

// Endpoint returns the addresses of the user's own server, or "".
func (h *Processes) Endpoint(server string) string { return h.o.Endpoints[server] }

// Start starts a program, and returns after it is ready.
func (h *Processes) Start(ctx context.Context, program impls.Program) (impls.Process, error) {
	name := fmt.Sprintf("%d-%s.log", len(h.all)+1, program.Name)
	p := &process{host: h, program: program, log: filepath.Join(h.dir, name)}
	h.all = append(h.all, p)
	return p, p.Restart(ctx)
}

// Close ends all processes and removes the folder.
func (h *Processes) Close() error {
	var errs []error
	for _, p := range h.all {
		if p.running() {
			errs = append(errs, p.Kill())
		}
	}
	return errors.Join(append(errs, h.reaper.close())...)
}

// logTail is how much of a process's log is kept after a trial fails, in bytes.
const logTail = 64 << 10

// Logs returns the ends of the processes' logs, by file name.
func (h *Processes) Logs() map[string][]byte {
	files := map[string][]byte{}
	for _, p := range h.all {
		if text := p.tail(); len(text) > 0 {
			files[filepath.Base(p.log)] = text
		}
	}
	return files
}
