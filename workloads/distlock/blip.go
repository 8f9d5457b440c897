package distlock

import (
	"errors"
	"fmt"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/faults"
	"github.com/contendbench/contend/workloads/load"
)

// blip breaks the holder's connections, and lets it connect again at once. A lock that
// expires, and does not promise Released, waits for the time to live of a client that may
// come back, and this one does.
var blip = harness.Workload[locks.Backend]{
	Load: harness.Load{
		Name: "blip", Turn: "round", About: "the holder's connections break, and it connects again at once",
		Params:    []harness.AnyParam{groups, restTTLMs, slackMs},
		Needs:     []impls.Promise{locks.Expires},
		Probes:    []impls.Promise{locks.Expires, locks.Fenced},
		Points:    harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(groups, 1, 4))}},
		Allocates: true, Takes: clientsTake,
	},
	Accepts: func(i impls.Impl[locks.Backend]) bool { return !i.Has(locks.Released) },
	Run:     rounds{play: (*group).breakLink, proxied: true}.run,
	Helpers: helpers,
}

// maxBlip bounds how long a connection is broken, and for how long its end may then have
// an effect.
const maxBlip = 20 * time.Millisecond

// breakLink is a round: the holder's link breaks while another client waits or not.
func (g *group) breakLink() error {
	held, err := g.get(g.a, g.key(), g.ttl, g.slack)
	if err != nil {
		return err
	}
	w := g.waits(g.b, g.key(), g.ttl)
	load.Pause(g.rng, maxNap)
	if err := g.proxy.Cut(faults.Closed); err != nil {
		return err
	}
	load.Pause(g.rng, maxBlip)
	g.proxy.Heal()
	time.Sleep(time.Duration(g.rng.Int64N(int64(maxBlip))))
	if err := w.early(); err != nil {
		return fmt.Errorf("while the holder's connection was broken for a moment: %w", err)
	}
	if hasEnded(held) {
		return errors.New("a connection that was broken for a moment ended the lease")
	}
	if err := g.free(held); err != nil {
		return err
	}
	next, err := w.granted("a release after the connection was broken", held, g.slack)
	if err != nil {
		return err
	}
	return g.free(next)
}
