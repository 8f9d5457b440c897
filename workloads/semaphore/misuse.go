package semaphore

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// misuses are the wrong releases of a pair of permits, of which some are held before it
// and some left afterwards.
var misuses = []struct {
	load.Misuse[sems.Semaphore]
	held, left int
}{
	{releaseOf(1), 0, 0},
	{releaseOf(2), 1, 1},
	{releaseOf(3), 2, 2},
	{releaseOf(-1), 0, 0},
	{releaseOf(-1), 1, 1},
	{releaseOf(math.MinInt), 1, 1},
	{releaseOf(math.MaxInt), 0, 0},
	{releaseOf(math.MaxInt), 1, 1},
	{load.Misuse[sems.Semaphore]{Name: "a second Release(1)", Do: twice}, 1, 0},
}

func twice(s sems.Semaphore) {
	s.Release(1)
	s.Release(1)
}

func releaseOf(n int) load.Misuse[sems.Semaphore] {
	return load.Misuse[sems.Semaphore]{Name: fmt.Sprintf("Release(%d)", n), Do: func(s sems.Semaphore) { s.Release(n) }}
}

// panics releases more permits than are held, with others waiting or none. It expects a
// panic, and a semaphore that is as before.
var panics = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "misuse", Turn: "misuse",
		About: "a Release of more permits than are held panics, and the semaphore works afterwards",
		Needs: []impls.Promise{impls.PanicsOnMisuse}, Probes: []impls.Promise{impls.PanicsOnMisuse},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newSemaphore sems.New) error {
		weighted := t.Promises(sems.Weighted)
		return load.Rounds(t, func(rng *rand.Rand) error {
			s := newSemaphore(pair)
			kinds := []func() error{
				func() error { return misuse(s, rng.IntN(len(misuses))) },
				func() error { return misuseBesideWaiter(s) },
				func() error { return misuseBesideHolder(s) },
			}
			if err := kinds[rng.IntN(len(kinds))](); err != nil {
				return err
			}
			if err := (life{n: 2, each: 20, size: pair, weighted: weighted, inside: nothing}).live(s); err != nil {
				return fmt.Errorf("after a misuse that panicked: %w", err)
			}
			return nil
		})
	},
}

// misuse takes what a misuse wants to be held, makes it and gives back what is held
// afterwards.
func misuse(s sems.Semaphore, at int) error {
	m := misuses[at]
	for range m.held {
		if !s.TryAcquire(1) {
			return errors.New("a TryAcquire of a free permit failed")
		}
	}
	if err := m.Panics(s); err != nil {
		return fmt.Errorf("%w, although %d of %d permits were held", err, m.held, pair)
	}
	s.Release(m.left)
	return nil
}

// misuseBesideWaiter releases too much while another goroutine waits, which must still be
// served by a right release.
func misuseBesideWaiter(s sems.Semaphore) error {
	if err := exhaust(s, pair); err != nil {
		return err
	}
	var group sync.WaitGroup
	var waited error
	load.QueueUp(&group, func() {
		if waited = s.Acquire(context.Background(), 1); waited == nil {
			s.Release(1)
		}
	})
	if err := releaseOf(pair + 1).Panics(s); err != nil {
		return fmt.Errorf("%w, although %d of %d permits were held", err, pair, pair)
	}
	s.Release(pair)
	group.Wait()
	return waited
}

// misuseBesideHolder releases two permits again and again, while another goroutine holds
// at most one. The right releases of that one must not panic.
func misuseBesideHolder(s sems.Semaphore) error {
	var over atomic.Bool
	var group sync.WaitGroup
	var wrong error
	group.Go(func() {
		for !over.Load() && wrong == nil {
			wrong = releaseOf(pair).Panics(s)
		}
	})
	var right error
	for range 200 {
		if right = s.Acquire(context.Background(), 1); right != nil {
			break
		}
		if releaseOf(1).Panics(s) == nil {
			right = errors.New("the release of a permit that was held panicked, while another goroutine released too many")
			break
		}
	}
	over.Store(true)
	group.Wait()
	return errors.Join(wrong, right)
}
