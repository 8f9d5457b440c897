package harness

import (
	"errors"
	"io"
	"maps"

	"github.com/contendbench/contend/harness/process"
	"github.com/contendbench/contend/impls"
)

// keepers are what outlives the windows of a trial, by key: servers, for example.
type keepers map[any]*keeper

// A keeper is one such thing, with the host that its processes run under.
type keeper struct {
	thing io.Closer
	host  *process.Processes
}

// Keep returns what start made for key before, or else makes it. It lives until the trial
// ends. In a stress run all windows of all loads share it: servers take longer to start
// than a window takes.
func (t *Trial) Keep(key any, start func(impls.Host) (io.Closer, error)) (io.Closer, error) {
	if k := t.kept[key]; k != nil {
		return k.thing, nil
	}
	host, err := t.newHost()
	if err != nil {
		return nil, err
	}
	thing, err := start(host)
	if err != nil {
		logs := host.Logs()
		return nil, &loggedError{errors.Join(err, host.Close()), logs}
	}
	t.kept[key] = &keeper{thing, host}
	return thing, nil
}

// close ends all that is kept, and adds the logs of its processes to an error.
func (k keepers) close(err error) error {
	logs := map[string][]byte{}
	for key, one := range k {
		closed := one.thing.Close()
		maps.Copy(logs, one.host.Logs())
		err = errors.Join(err, closed, one.host.Close())
		delete(k, key)
	}
	if err != nil && len(logs) > 0 {
		err = &loggedError{err, logs}
	}
	return err
}
