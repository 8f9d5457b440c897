package distlock

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
)

// set is what lives as long as a trial: the lock's servers, the resource, and the clients.
type set struct {
	trial   *harness.Trial
	backend locks.Backend
	host    impls.Host
	cluster locks.Cluster
	ttl     time.Duration
	windows int
	open    []io.Closer
}

// newSet starts the lock's servers.
func newSet(t *harness.Trial, b locks.Backend) (*set, error) {
	host, err := t.Host()
	if err != nil {
		return nil, err
	}
	c, err := b.Start(t.Context, host)
	if err != nil {
		return nil, fmt.Errorf("starting the lock's servers: %w", err)
	}
	return &set{trial: t, backend: b, host: host, cluster: c, ttl: max(time.Duration(ttlMs.Of(t))*time.Millisecond, b.Least)}, nil
}

// dial makes a client, which lives until close.
func (s *set) dial() (locks.Client, error) {
	c, err := s.backend.Dial(s.trial.Context, s.cluster.Endpoint())
	if err != nil {
		return nil, fmt.Errorf("dialing the lock: %w", err)
	}
	s.open = append(s.open, c)
	return c, nil
}

// dials makes n clients.
func (s *set) dials(n int) ([]locks.Client, error) {
	clients := make([]locks.Client, n)
	for i := range clients {
		var err error
		if clients[i], err = s.dial(); err != nil {
			return nil, err
		}
	}
	return clients, nil
}

// drop ends the clients and whatever else was opened. Their servers may be gone by now, which is not an error of the load.
func (s *set) drop() {
	for _, c := range s.open {
		_ = c.Close()
	}
	s.open = nil
}

// close ends what there is to end and returns the trial's error.
func (s *set) close(err error) error {
	s.drop()
	return errors.Join(err, s.cluster.Close())
}

// serveLock is the process of a lock's server.
func serveLock(p *harness.Peer, b locks.Backend, args json.RawMessage) error {
	return b.Serve(p.Context, args, func(address string) error { return p.Ready(address) })
}
