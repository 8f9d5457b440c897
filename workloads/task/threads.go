package task

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
)

// threads records on which threads tasks run. Tasks that wait for each other each have a
// thread of their own, and later tasks run on the same threads.
var threads = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "threads", Turn: "life of a pool",
		About:  "tasks that wait for each other run on as many threads as there are workers, and later tasks on the same",
		Params: []harness.AnyParam{workers, queue},
		Needs:  []impls.Promise{tasks.Threads}, Probes: []impls.Promise{tasks.Threads}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{over(tinyPools), harness.Over(workers.In(4, 9), queue.In(0, 20))}},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		if _, err := threadID(); err != nil {
			return &harness.SkipError{Reason: err.Error()}
		}
		n, room := poolSize(t)
		return t.Window(func(w *harness.Window) error {
			decided := false
			w.Go("life", 1, func(w *harness.Worker) {
				for w.Next() {
					l := newLedger(t, create, n, room)
					quick, err := l.visitThreads(n)
					if err == nil {
						err = l.finish(1)
					}
					if err != nil {
						w.Fail(err)
						return
					}
					decided = decided || quick
				}
			})
			w.Check(func() error {
				if !decided {
					return fmt.Errorf("%w: every life took longer than %v", harness.ErrUnknown, keepsFor)
				}
				return nil
			})
			return nil
		})
	},
}

const (
	// keepsFor is how long a pool keeps a thread that has no task, at least.
	keepsFor = 10 * time.Millisecond
	// visits is how many tasks each worker has after the first.
	visits = 10
)

// visitThreads checks the threads of some tasks. It reports whether they were quick enough
// that no thread may have ended between two tasks.
func (l *ledger) visitThreads(n int) (quick bool, err error) {
	var seen census
	start := time.Now()
	if err := meet(n, func(task func()) error {
		return l.insist(func() { seen.visit(); task() })
	}); err != nil {
		return false, err
	}
	if got := seen.count(); got != n {
		return false, fmt.Errorf("%d tasks that waited for each other ran on %d threads", n, got)
	}
	ended := newRoll(visits * n)
	for range visits * n {
		if err := l.insist(func() { seen.visit(); ended.call() }); err != nil {
			return false, err
		}
	}
	ended.wait()
	if time.Since(start) > keepsFor {
		return false, nil
	}
	if got := seen.count(); got > n {
		return false, fmt.Errorf("%d tasks ran on %d threads of %d workers", (1+visits)*n, got, n)
	}
	return true, nil
}

// A census counts the threads on which tasks ran.
type census struct {
	mu      sync.Mutex
	threads map[int]int // tasks by thread
}

// visit counts the thread of the caller.
func (c *census) visit() {
	id, err := threadID()
	if err != nil {
		panic(err) // the load does not run where there are none
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.threads == nil {
		c.threads = map[int]int{}
	}
	c.threads[id]++
}

func (c *census) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.threads)
}

// threadTraces closes many pools and counts the threads that the process has afterwards.
var threadTraces = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "thread-traces", Turn: "40 lives of pools", About: "closed pools leave no more threads than one of them had",
		Params: []harness.AnyParam{workers, queue},
		Needs:  []impls.Promise{tasks.Threads}, Probes: []impls.Promise{tasks.Threads}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{over(tinyPools)}},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		if _, err := threadID(); err != nil {
			return &harness.SkipError{Reason: err.Error()}
		}
		n, room := poolSize(t)
		return playLives(t, func(*harness.Worker) error {
			before, err := threadIDs()
			if err != nil {
				return err
			}
			if err := liveMany(t, create, n, room); err != nil {
				return err
			}
			most := n + runtimeThreads
			left := settled(func() int {
				after, readErr := threadIDs()
				err = readErr
				return len(after) - len(before)
			}, most)
			if left > most && err == nil {
				err = fmt.Errorf("%d pools of %d threads that were closed left %d threads", livesInRound, n, left)
			}
			return err
		})
	},
}

// runtimeThreads is how many threads the runtime may start for itself in a round.
const runtimeThreads = 16

// pinned checks the processors on which threads may run: one for each thread of the pool,
// and all of them for the other threads of the process, also after Close.
var pinned = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "pinned", Turn: "life of a pool",
		About:  "each thread of the pool may run on one processor, and other threads on all",
		Params: []harness.AnyParam{workers, queue},
		Needs:  []impls.Promise{tasks.Pinned}, Probes: []impls.Promise{tasks.Pinned}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{over(tinyPools), harness.Over(workers.In(4, 9), queue.In(0, 20))}},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		if _, err := affinityOf(0); err != nil {
			return &harness.SkipError{Reason: err.Error()}
		}
		n, room := poolSize(t)
		return playLives(t, func(w *harness.Worker) error {
			all, bound, err := masks()
			if err != nil {
				return err
			}
			l := newLedger(t, create, n, room)
			own, err := l.visitProcessors(w.Rand(), n, all)
			if err != nil {
				return err
			}
			if err := l.finish(1); err != nil {
				return err
			}
			for id := range own { // one that an earlier pool left bound is this pool's now
				delete(bound, id)
			}
			return othersRoam(all, bound)
		})
	},
}

// visitProcessors checks the affinity of the threads on which some tasks run, and returns
// it by thread.
func (l *ledger) visitProcessors(rng *rand.Rand, n int, all affinity) (map[int]affinity, error) {
	var mu sync.Mutex
	var wrong error
	masks := map[int]affinity{}
	look := func() {
		id, err := threadID()
		mask, maskErr := affinityOf(0)
		mu.Lock()
		defer mu.Unlock()
		switch last, again := masks[id]; {
		case err != nil:
			wrong = err
		case maskErr != nil:
			wrong = maskErr
		case mask.Count() != 1 || !within(mask, all):
			wrong = fmt.Errorf("a task ran on a thread that is bound to %d processors, want 1", mask.Count())
		case again && mask != last:
			wrong = fmt.Errorf("thread %d was bound to another processor in another task", id)
		}
		masks[id] = mask
	}
	if err := meet(n, func(task func()) error {
		return l.insist(func() { look(); task() })
	}); err != nil {
		return nil, err
	}
	more := rng.IntN(visits * n)
	ended := newRoll(more)
	for range more {
		if err := l.insist(func() { look(); ended.call() }); err != nil {
			return nil, err
		}
	}
	ended.wait()
	return masks, wrong
}

// masks returns the processors on which some thread of this process may run, and the
// threads that may not run on all of them.
func masks() (all affinity, bound map[int]bool, err error) {
	ids, err := threadIDs()
	if err != nil {
		return all, nil, err
	}
	of := map[int]affinity{}
	for _, id := range ids {
		if mask, gone := affinityOf(id); gone == nil {
			of[id] = mask
			all = union(all, mask)
		}
	}
	bound = map[int]bool{}
	for id, mask := range of {
		bound[id] = mask != all
	}
	return all, bound, nil
}

// othersRoam checks the affinity of the threads that are left after Close, without those
// that were bound before. One that is about to end may take a moment.
func othersRoam(all affinity, before map[int]bool) error {
	var err error
	left := settled(func() (n int) {
		var bound map[int]bool
		if _, bound, err = masks(); err != nil {
			return 0
		}
		for id, is := range bound {
			if is && !before[id] {
				n++
			}
		}
		return n
	}, 0)
	if left > 0 {
		return fmt.Errorf("after Close, %d threads are still bound to some of %d processors", left, all.Count())
	}
	return err
}
