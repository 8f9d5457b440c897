package faults

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
)

// ErrNotOurs says that a fault needs servers that the trial has started itself. It skips
// the load: there is no server, or it is the user's own.
var ErrNotOurs error = &harness.SkipError{Reason: "it kills servers, and the trial has started none"}

// KillAll kills all servers of a cluster at once.
func KillAll(c impls.Cluster) error {
	if len(c.Nodes()) == 0 {
		return ErrNotOurs
	}
	return Each(c.Nodes(), impls.Process.Kill)
}

// RestartAll starts all servers of a cluster again, and returns when all are ready.
func RestartAll(ctx context.Context, c impls.Cluster) error {
	return Each(c.Nodes(), func(p impls.Process) error { return p.Restart(ctx) })
}

// Leader returns the server that serves writes now. Where all are equal, it returns the
// first. If there is no leader now, the error wraps harness.ErrUnknown.
func Leader(ctx context.Context, c impls.Cluster) (impls.Process, error) {
	if len(c.Nodes()) == 0 {
		return nil, ErrNotOurs
	}
	i, err := c.Leader(ctx)
	if errors.Is(err, impls.ErrNoLeader) {
		i, err = 0, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: finding the leader: %w", harness.ErrUnknown, err)
	}
	if i < 0 || i >= len(c.Nodes()) {
		return nil, fmt.Errorf("finding the leader: got server %d of %d", i, len(c.Nodes()))
	}
	return c.Nodes()[i], nil
}

// Each calls do for all processes at once, and returns the first error in their order.
func Each(processes []impls.Process, do func(impls.Process) error) error {
	errs := make([]error, len(processes))
	var group sync.WaitGroup
	for i, p := range processes {
		group.Go(func() { errs[i] = do(p) })
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
