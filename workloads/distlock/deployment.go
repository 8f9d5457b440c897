package distlock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
)

// deployment is what lives as long as a trial: the lock's servers, and the clients of
// them.
type deployment struct {
	trial   *harness.Trial
	backend locks.Backend
	host    impls.Host
	cluster impls.Cluster
	ttl     time.Duration
	windows int
	open    []io.Closer
}

// starter starts a lock's servers.
type starter func(ctx context.Context, host impls.Host) (impls.Cluster, error)

// deploy starts the lock's servers, usually by b.Start.
func deploy(t *harness.Trial, b locks.Backend, start starter) (*deployment, error) {
	host, err := t.Host()
	if err != nil {
		return nil, err
	}
	c, err := start(t.Context, host)
	if err != nil {
		return nil, fmt.Errorf("starting the lock's servers: %w", err)
	}
	ttl := max(time.Duration(ttlMs.Of(t))*time.Millisecond, b.MinTTL)
	return &deployment{trial: t, backend: b, host: host, cluster: c, ttl: ttl}, nil
}

// dial makes a client, which lives until closeAll.
func (d *deployment) dial() (locks.Client, error) {
	c, err := d.backend.Dial(d.trial.Context, d.cluster.Endpoint())
	if err != nil {
		return nil, fmt.Errorf("dialing the lock: %w", err)
	}
	d.open = append(d.open, c)
	return c, nil
}

// dialAll makes n clients.
func (d *deployment) dialAll(n int) ([]locks.Client, error) {
	clients := make([]locks.Client, n)
	for i := range clients {
		var err error
		if clients[i], err = d.dial(); err != nil {
			return nil, err
		}
	}
	return clients, nil
}

// closeAll closes the clients and all else that was opened. Their servers may be gone by
// now, which is not an error of the load.
func (d *deployment) closeAll() {
	for _, c := range d.open {
		_ = c.Close()
	}
	d.open = nil
}

// close ends the deployment, and returns the trial's error.
func (d *deployment) close(err error) error {
	d.closeAll()
	return errors.Join(err, d.cluster.Close())
}

// serveLock is the process of a lock's server.
func serveLock(h *harness.Helper, b locks.Backend, args json.RawMessage) error {
	return b.Serve(h.Context, args, func(address string) error { return h.Ready(address) })
}
