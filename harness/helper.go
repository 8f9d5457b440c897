package harness

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"github.com/contendbench/contend/harness/process"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// request tells a helper process which function to run, and for which cell.
type request struct {
	Cell  results.Cell    `json:"cell"`
	Entry string          `json:"entry"`
	Args  json.RawMessage `json:"args"`
}

// ErrNoHelpers is the error of Host in a test binary whose TestMain does not run what
// trials start. Its text has the lines to add.
var ErrNoHelpers = process.ErrNotAsked

// Host returns the host that starts processes for the trial. They live at most until the
// trial ends.
func (t *Trial) Host() (impls.Host, error) {
	if t.processes != nil {
		return t.processes, nil
	}
	p, err := t.newHost()
	if err != nil {
		return nil, err
	}
	t.processes = p
	return p, nil
}

func (t *Trial) newHost() (*process.Processes, error) {
	cell := t.spec.Cell
	cell.Work = t.c.Load.Name // a stress run's own cell may name none
	return process.New(process.Options{
		Endpoints: t.spec.Endpoints,
		Request: func(entry string, args json.RawMessage) (json.RawMessage, error) {
			return json.Marshal(request{Cell: cell, Entry: entry, Args: args})
		},
	})
}

// Help runs the function that a trial asked this process to run.
func Help(suites []Suite, text json.RawMessage, h *Helper) error {
	var r request
	if err := json.Unmarshal(text, &r); err != nil {
		return fmt.Errorf("reading the request: %w", err)
	}
	c, ok := Find(suites, r.Cell)
	if !ok || c.helpers[r.Entry] == nil {
		return fmt.Errorf("running helper %q of %s: no such function", r.Entry, r.Cell.Name())
	}
	if err := c.helpers[r.Entry](h, r.Args); err != nil {
		return fmt.Errorf("running helper %q: %w", r.Entry, err)
	}
	return nil
}

// run runs the case, and then ends the processes that it started, also if the case panics
// or ends its goroutine.
func (t *Trial) run() (err error) {
	defer func() {
		if t.processes == nil {
			return
		}
		logs := t.processes.Logs()
		err = errors.Join(err, t.processes.Close())
		t.processes = nil
		if err != nil {
			err = &loggedError{err, logs}
		}
	}()
	return t.c.run(t)
}

// WithEvidence is an error that comes with files that show what went wrong. Evidence
// returns their contents by name.
type WithEvidence interface {
	error
	Evidence() map[string][]byte
}

// loggedError is an error with the logs of the trial's processes.
type loggedError struct {
	error
	logs map[string][]byte
}

// Unwrap returns the trial's error.
func (e *loggedError) Unwrap() error { return e.error }

// Evidence returns the logs, and the evidence of the trial's error.
func (e *loggedError) Evidence() map[string][]byte {
	files := maps.Clone(e.logs)
	var inner WithEvidence
	if errors.As(e.error, &inner) {
		maps.Copy(files, inner.Evidence())
	}
	return files
}
