package actor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	actors "github.com/contendbench/contend/impls/actor"
)

// site is a node in this process and one in another, for as long as a trial.
type site struct {
	cluster impls.Cluster
	node    actors.Node
	direct  actors.Ref // the other node's tally, by a path that is never cut

	windows        int
	taken, handled int // messages to the tally so far
}

// newSite starts the other process. Its tally must say that it is one.
func newSite(t *harness.Trial, b actors.Backend) (s *site, err error) {
	host, err := t.Host()
	if errors.Is(err, harness.ErrNoHelpers) {
		return nil, &harness.SkipError{Reason: err.Error()}
	}
	if err != nil {
		return nil, err
	}
	s = new(site)
	if s.cluster, err = b.Start(t.Context, host); err != nil {
		return nil, fmt.Errorf("starting a node: %w", err)
	}
	if s.node, err = b.New(actors.NodeConfig{Messages: actors.Served()}); err != nil {
		return nil, errors.Join(err, s.cluster.Close())
	}
	if s.direct, err = s.resolve(t.Context, s.cluster.Endpoint(), actors.TallyName); err == nil {
		err = s.apart(t.Context)
	}
	if err != nil {
		return nil, s.close(err)
	}
	return s, nil
}

// resolve returns an actor of the other node.
func (s *site) resolve(ctx context.Context, address, name string) (actors.Ref, error) {
	return s.node.Resolve(ctx, "actor://"+address+"/"+name)
}

// apart checks that the other node's actors run in the process that was started for them.
func (s *site) apart(ctx context.Context) error {
	got, err := report(ctx, s.direct)
	if err != nil {
		return err
	}
	if want := s.cluster.Nodes()[0].Pid(); got.Pid != want || got.Pid == os.Getpid() {
		return fmt.Errorf("an actor of another node runs in process %d, want %d, and not this one", got.Pid, want)
	}
	return nil
}

// report asks a tally for its count. While there is no connection, it asks again.
func report(ctx context.Context, tally actors.Ref) (actors.Tally, error) {
	for {
		got, err := tally.Ask(ctx, actors.Report{})
		if errors.Is(err, actors.ErrUnreachable) {
			time.Sleep(time.Millisecond)
			continue
		}
		t, ok := got.(actors.Tally)
		if err == nil && !ok {
			err = fmt.Errorf("got %v from a tally", got)
		}
		return t, err
	}
}

// close ends the nodes, and returns the trial's error.
func (s *site) close(err error) error {
	s.node.Close()
	return errors.Join(err, s.cluster.Close())
}

// remoteHelpers are what trials run in processes of their own.
var remoteHelpers = map[string]harness.HelperFunc[actors.Backend]{
	impls.ServerEntry: func(h *harness.Helper, b actors.Backend, args json.RawMessage) error {
		return b.Serve(h.Context, args, func(address string) error { return h.Ready(address) })
	},
}
