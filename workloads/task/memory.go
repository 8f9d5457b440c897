package task

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
	"github.com/contendbench/contend/workloads/load"
)

// idle shows what an idle worker keeps in memory (panjf2000/ants#363). All workers have
// run a task, so that a pool which starts them on demand has them all.
var idle = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "idle", Turn: "pool that becomes idle", About: "bytes that each idle worker keeps: heap and stacks in use",
		Params:  []harness.AnyParam{workers, queue},
		Metrics: []harness.Metric{idleBytes}, Ranks: idleBytes, Allocates: true,
		Points: harness.Points{Standard: []harness.Grid{harness.Over(workers.In(64, 1000), queue.In(0))}, Stress: load.Once},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		return weigh(t, idleBytes, func() (float64, error) {
			n, room := poolSize(t)
			before := inUse()
			p := create(n, room)
			defer p.Close()
			if err := meet(n, func(task func()) error { return insist(p, task) }); err != nil {
				return 0, err
			}
			time.Sleep(settling)
			return perItem(inUse()-before, n), nil
		})
	},
}

// queued shows what a task that waits keeps in memory, without its closure.
var queued = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "queued", Turn: "pool with a queue", About: "bytes that each queued task keeps: heap and stacks in use",
		Params:  []harness.AnyParam{queue},
		Metrics: []harness.Metric{queuedBytes}, Ranks: queuedBytes, Allocates: true,
		Needs:  []impls.Promise{tasks.Limited},
		Points: harness.Points{Standard: []harness.Grid{harness.Over(queue.In(1000, 10_000))}, Stress: load.Once},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		return weigh(t, queuedBytes, func() (float64, error) { return weighQueue(create, queue.Of(t)) })
	},
}

var (
	idleBytes = harness.Metric{
		Unit: "B/worker", Better: harness.Lower, About: "heap and stacks in use for each idle worker",
	}
	queuedBytes = harness.Metric{
		Unit: "B/task", Better: harness.Lower, About: "heap and stacks in use for each queued task",
	}
)

// settling is how long workers may take to become idle.
const settling = 2 * time.Millisecond

// weigh is the body of loads that measure memory once a window.
func weigh(t *harness.Trial, m harness.Metric, body func() (float64, error)) error {
	return t.Window(func(w *harness.Window) error {
		weight := 0.0
		w.Go("pool", 1, func(w *harness.Worker) {
			for w.Next() {
				var err error
				if weight, err = body(); err != nil {
					w.Fail(err)
				}
			}
		}, harness.Whole())
		w.Check(func() error {
			w.Set(m, weight)
			return nil
		})
		return nil
	})
}

// weighQueue fills the queue of a pool whose only worker is blocked.
func weighQueue(create tasks.New, room int) (float64, error) {
	p, gate := create(1, room), make(chan struct{})
	started := make(chan struct{})
	if err := insist(p, func() { close(started); <-gate }); err != nil {
		return 0, err
	}
	<-started
	before := inUse()
	var accepted atomic.Int64
	ended := make(chan error, 1)
	empty := func() {}
	go func() {
		for range room {
			if err := insist(p, empty); err != nil {
				ended <- err
				return
			}
			accepted.Add(1)
		}
		ended <- nil
	}()
	n := stable(&accepted, int64(room))
	weight := perItem(inUse()-before, int(max(n, 1)))
	close(gate)
	err := <-ended
	p.Close()
	if err == nil && n < int64(room)/2 {
		err = &harness.SkipError{Reason: fmt.Sprintf("the pool queues only %d of %d tasks", n, room)}
	}
	return weight, err
}

// stable waits until n has reached most, or no longer grows, and returns it.
func stable(n *atomic.Int64, most int64) int64 {
	last, same := int64(-1), 0
	for now := n.Load(); now < most && same < looks/10; now = n.Load() {
		if same++; now != last {
			last, same = now, 0
		}
		time.Sleep(time.Millisecond)
	}
	return n.Load()
}

// inUse returns the bytes of reachable objects and of goroutines' stacks.
func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // the first frees the stacks of goroutines that have ended
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// perItem divides bytes by a count, at least 0. What the collector found elsewhere may outweigh them.
func perItem(bytes int64, n int) float64 { return float64(max(bytes, 0)) / float64(n) }
