// Package conformance probes a lock between processes: what every lock must keep, that it
// keeps the promises which it makes, and that it does not keep those which it does not
// make.
//
// The loads of package distlock look for violations under contention. A probe is the
// opposite: one or two clients and one question, so that a failure names what is wrong.
package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/load"
)

var waiters = harness.Param[int]{
	Key: "waiters", About: "clients that contend for one key, 1 to 64", Default: 8,
	Valid: harness.Between(1, 64), Crowd: true,
}

// probed is the one load of the suite.
var probed = harness.Workload[locks.Backend]{
	Load: harness.Load{
		Name: "conformance", Turn: "acquisition",
		About:     "n clients contend for one key, after the promises were probed",
		Params:    []harness.AnyParam{waiters},
		Probes:    []impls.Promise{locks.Expires, locks.Released, locks.Fenced, locks.Durable, locks.Survives},
		Points:    harness.Points{Stress: load.Once},
		Allocates: true, Takes: 10 * time.Second,
	},
	Run: run,
	Helpers: map[string]harness.HelperFunc[locks.Backend]{
		impls.ServerEntry: func(h *harness.Helper, b locks.Backend, args json.RawMessage) error {
			return b.Serve(h.Context, args, func(address string) error { return h.Ready(address) })
		},
		victimEntry: serveVictim,
	},
}

// Suite is the suite over the locks given.
func Suite(table ...impls.Impl[locks.Backend]) harness.Suite {
	about := harness.About{Pattern: "distributed locking", Contract: "distlock", Name: "conformance"}
	if len(table) > 0 {
		about.Baseline = table[0].Name
	}
	return harness.NewSuite(about, harness.Under(table, probed))
}

// windowLength is that of the window in which the clients contend.
const windowLength = time.Second

func run(t *harness.Trial, b locks.Backend) error {
	host, err := t.Host()
	if err != nil {
		return err
	}
	cluster, err := b.Start(t.Context, host)
	if err != nil {
		return fmt.Errorf("starting the servers: %w", err)
	}
	p := &prober{
		ctx: t.Context, host: host, backend: b, cluster: cluster, promises: t.Promises, ttl: max(b.MinTTL, minTTL),
	}
	if err := p.all(); err != nil {
		return err
	}
	n := waiters.Of(t)
	err = t.Window(func(w *harness.Window) error { return contend(w, p, n) })
	if err != nil {
		return err
	}
	return cluster.Close()
}

var errTwoHolders = errors.New("two clients hold the key")

// contend lets n clients contend for one key. Only one may hold it, and tokens must grow.
func contend(w *harness.Window, p *prober, n int) error {
	clients, err := p.clients(n)
	if err != nil {
		return err
	}
	var holders atomic.Int64
	var last uint64 // a plain word: the lock must order its writers
	w.Lasts(windowLength)
	w.Go("client", n, func(w *harness.Worker) {
		c := clients[w.ID]
		for w.Next() {
			l, err := c.Acquire(context.Background(), "hot", p.ttl)
			if err != nil {
				w.Fail(err)
				return
			}
			w.Mark()
			if holders.Add(1) != 1 {
				w.Fail(errTwoHolders)
			}
			if err := p.checkToken(l, last); err != nil {
				w.Fail(err)
			}
			last = l.Token()
			holders.Add(-1)
			if err := l.Release(context.Background()); err != nil {
				w.Fail(fmt.Errorf("releasing: %w", err))
			}
		}
		if err := c.Close(); err != nil {
			w.Fail(fmt.Errorf("closing: %w", err))
		}
	})
	return nil
}
