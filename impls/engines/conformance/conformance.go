// Package conformance probes a distributed lock: what every one of them must keep, and of its promises that it keeps those which it
// makes, and does not keep those which it does not make.
package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
)

var waiters = harness.Param[int]{Key: "waiters", About: "clients that want one key, 1 to 64", Default: 8, Valid: harness.Between(1, 64)}

// Pattern is the pattern over the locks given.
func Pattern(table ...impls.Impl[locks.Backend]) harness.Pattern {
	about := harness.About{Pattern: "distributed locking", Contract: "distlock", Baseline: "redsync"}
	var p harness.Pattern
	for _, i := range table {
		p = p.And(harness.NewPattern(about, []impls.Impl[locks.Backend]{i}, work(i)))
	}
	return p
}

func work(i impls.Impl[locks.Backend]) harness.Workload[locks.Backend] {
	return harness.Workload[locks.Backend]{
		Name: "conformance", Op: "acquisition", About: "n clients want one key; before, the promises are probed", Allocates: true,
		Params: []harness.AnyParam{waiters},
		Stress: []harness.Grid{harness.Over()},
		Run:    func(t *harness.Trial, b locks.Backend) error { return run(t, b, i) },
		Entries: map[string]harness.Entry[locks.Backend]{
			locks.Server: func(p *harness.Peer, b locks.Backend, args json.RawMessage) error {
				return b.Serve(p.Context, args, func(address string) error { return p.Ready(address) })
			},
			"victim": victim,
		},
	}
}

// length is that of the window in which the clients contend.
const length = time.Second

func run(t *harness.Trial, b locks.Backend, i impls.Impl[locks.Backend]) error {
	host, err := t.Host()
	if err != nil {
		return err
	}
	cluster, err := b.Start(t.Context, host)
	if err != nil {
		return fmt.Errorf("starting the servers: %w", err)
	}
	p := &prober{ctx: t.Context, host: host, backend: b, cluster: cluster, row: i, ttl: max(b.Least, shortest)}
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

// contend lets n clients want one key. Only one may have it, and tokens grow.
func contend(w *harness.Window, p *prober, n int) error {
	clients, err := p.clients(n)
	if err != nil {
		return err
	}
	var holders atomic.Int64
	var last uint64 // a plain word: the lock must order its writers
	w.Lasts(length)
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
				w.Fail(fmt.Errorf("two clients have the key"))
			}
			if err := p.token(l, last); err != nil {
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
