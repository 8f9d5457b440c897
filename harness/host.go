package harness

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/contendbench/contend/impls"
)

// host is a trial's impls.Host.
type host struct {
	trial     *Trial
	dir       string
	guard     *guard
	processes []*process
}

// Host returns what starts the trial's processes. They live until the trial ends.
func (t *Trial) Host() (impls.Host, error) {
	if t.host != nil {
		return t.host, nil
	}
	g, dir, err := startGuard()
	if err != nil {
		return nil, err
	}
	t.host = &host{trial: t, dir: dir, guard: g}
	return t.host, nil
}

// Dir is the trial's folder.
func (h *host) Dir() string { return h.dir }

// Endpoint is the user's own server.
func (h *host) Endpoint(engine string) string { return h.trial.spec.Endpoints[engine] }

// close ends all processes and removes the folder.
func (t *Trial) close() error {
	if t.host == nil {
		return nil
	}
	var errs []error
	for _, p := range t.host.processes {
		if p.running() {
			errs = append(errs, p.Kill())
		}
	}
	errs = append(errs, t.host.guard.close())
	t.host = nil
	return errors.Join(errs...)
}

// logTail is how much of a process's log is kept when a trial fails.
const logTail = 64 << 10

// logs returns the ends of the processes' logs.
func (h *host) logs() map[string][]byte {
	files := map[string][]byte{}
	for _, p := range h.processes {
		if text := p.tail(); len(text) > 0 {
			files[filepath.Base(p.log)] = text
		}
	}
	return files
}

// loggedError is an error of a trial that had processes, with their logs.
type loggedError struct {
	error
	logs map[string][]byte
}

// Unwrap returns the trial's error.
func (e *loggedError) Unwrap() error { return e.error }

// Evidence is the logs, and what the error itself has.
func (e *loggedError) Evidence() map[string][]byte {
	var inner evident
	if errors.As(e.error, &inner) {
		for name, content := range inner.Evidence() {
			e.logs[name] = content
		}
	}
	return e.logs
}

// run runs the row, and ends what it started.
func (t *Trial) run() error {
	err := t.row.run(t)
	if t.host == nil {
		return err
	}
	logs := t.host.logs()
	err = errors.Join(err, t.close())
	if err != nil {
		return &loggedError{err, logs}
	}
	return nil
}

// Start runs a program.
func (h *host) Start(ctx context.Context, program impls.Program) (impls.Process, error) {
	name := fmt.Sprintf("%d-%s.log", len(h.processes)+1, program.Name)
	p := &process{host: h, program: program, log: filepath.Join(h.dir, name)}
	h.processes = append(h.processes, p)
	return p, p.Restart(ctx)
}
