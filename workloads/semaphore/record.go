package semaphore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// A record is plain data. A holder of all permits changes it, and a holder of fewer reads
// it.
type record struct{ first, second uint64 }

var errShared = errors.New("a holder of all permits was not alone, or did not see what others wrote")

// use changes one word before the pause and the other after it, or reads both twice. It
// reports whether no other holder changed the record in between.
func (r *record) use(change bool, pause func()) bool {
	was := *r
	if !change {
		pause()
		return was.first == was.second && *r == was
	}
	r.first++
	pause()
	whole := was.first == was.second && *r == record{was.first + 1, was.second}
	r.second++
	return whole
}

// exclusive has holders of all permits change plain data, and holders of one read it. So
// the race detector sees a release that does not hand over what was written before it.
var exclusive = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "exclusive", Turn: "acquisition",
		About:   "some take all permits and change plain data, others take one and read it",
		Params:  []harness.AnyParam{load.Goroutines, permitCount, load.Yield},
		Probes:  []impls.Promise{sems.Weighted, impls.Cancellable},
		Lasting: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(few, permitCount.In(1, 2, 3), load.Yield.In(0, 1, 10)),
			harness.Over(crowd, permitCount.In(1, 3)),
		}},
	},
	Run: runExclusive,
}

func runExclusive(t *harness.Trial, newSemaphore sems.New) error {
	n, size, yield := load.Goroutines.Of(t), permitCount.Of(t), load.Yield.Of(t)
	if !t.Promises(sems.Weighted) {
		size = 1
	}
	cancels := t.Promises(impls.Cancellable)
	return t.Window(func(w *harness.Window) error {
		s, l, shared := newSemaphore(size), newLimit(size), new(record)
		w.Go("worker", n, func(w *harness.Worker) {
			for turn := uint64(0); w.Next(); turn++ {
				weight := 1
				if w.Rand().IntN(4) == 0 {
					weight = size
				}
				took, err := acquireSoon(w.Rand(), s, weight, cancels)
				if err != nil {
					w.Fail(err)
					return
				}
				if !took {
					continue
				}
				w.Mark()
				l.enter(w, weight)
				if !shared.use(weight == size, func() { load.Yields(turn, yield) }) {
					w.Fail(errShared)
				}
				l.leave(weight)
				s.Release(weight)
			}
		})
		w.Check(func() error { return l.settled(s, size) })
		return nil
	})
}

// acquireSoon acquires n permits. If cancels is true, every fourth call gives up soon. A
// context that ends after the acquisition changes nothing.
func acquireSoon(rng *rand.Rand, s sems.Semaphore, n int, cancels bool) (took bool, err error) {
	ctx := context.Background()
	if cancels && rng.IntN(4) == 0 {
		limited, cancel := context.WithTimeout(ctx, time.Duration(rng.IntN(int(patience))))
		defer cancel()
		ctx = limited
	}
	err = s.Acquire(ctx, n)
	switch {
	case err == nil:
		return true, nil
	case ctx.Err() == nil:
		return false, fmt.Errorf("an Acquire ended before its context: %w", err)
	}
	return false, sameError(ctx, err)
}

// sameError returns an error unless err, with which a wait ended, is its context's.
func sameError(ctx context.Context, err error) error {
	if !errors.Is(err, ctx.Err()) {
		return fmt.Errorf("an Acquire whose context ended returned %v, want the context's error %v", err, ctx.Err())
	}
	return nil
}
