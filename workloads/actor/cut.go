package actor

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	actors "github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/workloads/faults"
	"github.com/contendbench/contend/workloads/load"
)

// When the path to the other process is cut and when it heals, in the measured part.
const (
	cutAt   = 15 * time.Millisecond
	healAt  = 30 * time.Millisecond
	cutLong = 45 * time.Millisecond // the measured part
)

var lostMessages = harness.Metric{
	Unit: "lost", Better: harness.Lower,
	About: "messages that a Tell took and that did not arrive, in a window with one cut",
}

// remoteCut sends to an actor in another process while the path to it is cut. A message
// arrives at most once, and none after a later one of its sender. What is sent after the
// path has healed arrives.
var remoteCut = harness.Workload[actors.Backend]{
	Load: harness.Load{
		Name: "remote-cut", Turn: "message that was taken",
		About:   "the path to an actor in another process is cut and heals while n senders send to it",
		Params:  []harness.AnyParam{load.Goroutines, faults.Cut},
		Metrics: []harness.Metric{lostMessages}, Allocates: true,
		Needs: []impls.Promise{actors.Remote, actors.Asks}, Probes: []impls.Promise{actors.Remote, actors.Asks},
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(faults.Cut.In(faults.Closed, faults.Both))},
			Stress: []harness.Grid{harness.Over(
				load.Goroutines.In(1, 2, 8), faults.Cut.In(faults.Closed, faults.Both, faults.Requests, faults.Replies))},
		},
	},
	Helpers: remoteHelpers,
	Run: func(t *harness.Trial, b actors.Backend) error {
		s, err := newSite(t, b)
		if err != nil {
			return err
		}
		proxy, err := faults.NewProxy(s.cluster.Endpoint())
		if err != nil {
			return s.close(err)
		}
		err = runCut(t, s, proxy)
		return errors.Join(s.close(err), proxy.Close())
	},
}

func runCut(t *harness.Trial, s *site, proxy *faults.Proxy) error {
	tally, err := s.resolve(t.Context, proxy.Endpoint(), actors.TallyName)
	if err != nil {
		return err
	}
	n, what := load.Goroutines.Of(t), faults.Cut.Of(t)
	return t.Window(func(w *harness.Window) error {
		c := &cutting{tally: tally, first: s.windows * n, closed: what == faults.Closed}
		s.windows++
		w.Lasts(cutLong)
		w.At(cutAt, "cut", func() error { return proxy.Cut(what) })
		w.At(healAt, "heal", func() error { proxy.Heal(); return nil })
		w.Go("sender", n, func(w *harness.Worker) { c.send(t.Context, w) })
		w.Check(func() error {
			got, err := report(t.Context, s.direct)
			if err != nil {
				return err
			}
			before := s.taken - s.handled
			s.taken, s.handled = s.taken+int(c.taken.Load()), got.Handled
			w.Set(lostMessages, float64(s.taken-s.handled-before))
			return c.judge(s.taken, got)
		})
		return nil
	})
}

// cutting is what the senders of a window did.
type cutting struct {
	tally                 actors.Ref
	first                 int  // number of the first sender
	closed                bool // connections are closed, so that messages must be lost or refused
	taken, refused, saved atomic.Int64
}

// send sends until the window ends. What it sends after the path has healed must arrive.
func (c *cutting) send(ctx context.Context, w *harness.Worker) {
	seq := 0
	tell := func() bool {
		if !c.tally.Tell(actors.Numbered{Sender: c.first + w.ID, Seq: seq}) {
			c.refused.Add(1)
			return false
		}
		seq++
		c.taken.Add(1)
		return true
	}
	for w.Next() {
		if !tell() {
			w.Undo()
			time.Sleep(load.ArrivalGap)
		}
	}
	if _, err := report(ctx, c.tally); err != nil { // behind all that it has sent
		w.Fail(err)
		return
	}
	for !tell() {
		time.Sleep(time.Millisecond)
	}
	c.saved.Add(1)
	if _, err := report(ctx, c.tally); err != nil {
		w.Fail(err)
	}
}

// judge compares what was sent in the trial with what the other process has handled. What
// a connection had when it broke may be handled late, so the counts are those since the
// other process started.
func (c *cutting) judge(taken int, got actors.Tally) error {
	switch {
	case got.Late > 0:
		return fmt.Errorf("%d of %d messages were handled twice, or after a later one of their sender",
			got.Late, got.Handled)
	case got.Handled > taken:
		return fmt.Errorf("%d messages were handled of %d that were taken", got.Handled, taken)
	case got.Handled < int(c.saved.Load()):
		return fmt.Errorf("%d messages were handled, although %d were sent after the path had healed",
			got.Handled, c.saved.Load())
	case c.closed && got.Handled == taken && c.refused.Load() == 0:
		return faults.Misses("no message was lost or refused")
	}
	return nil
}
