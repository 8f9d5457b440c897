package semaphore

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// calls has one goroutine make calls with weights of every size, and compares each result
// with a count of the permits.
var calls = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "calls", Turn: "row of 30 calls",
		About:  "one goroutine takes and releases permits, with weights of every size; a count says what each call must do",
		Params: []harness.AnyParam{permitCount},
		Probes: []impls.Promise{sems.Weighted, impls.Resizable},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(permitCount, 1, 10_000)),
			harness.Over(permitCount.In(1, 255, 256, 257, 65_535, 65_536, 65_537)),
		}},
		Lasting: true,
	},
	Run: func(t *harness.Trial, newSemaphore sems.New) error {
		size := permitCount.Of(t)
		s := newSemaphore(size)
		weighted, resizable := t.Promises(sems.Weighted), t.Promises(impls.Resizable)
		return load.Rounds(t, func(rng *rand.Rand) error {
			a := &account{s: s, rng: rng, size: size, base: size, weighted: weighted, resizable: resizable}
			return a.play()
		})
	},
}

const callsInRow = 30

// An account is a semaphore that one goroutine uses, and the count of its permits.
type account struct {
	s                   sems.Semaphore
	rng                 *rand.Rand
	base, size, held    int
	weighted, resizable bool
}

func (a *account) play() error {
	for range callsInRow {
		if err := a.call(); err != nil {
			return err
		}
	}
	a.s.Release(a.held)
	a.held = 0
	if a.resizable {
		a.resize(a.base)
	}
	return a.checkTotal()
}

// call makes one call.
func (a *account) call() error {
	n := a.weight()
	if n == 0 && a.held > a.size { // after a shrinking, either answer is right
		n = 1
	}
	fits := n >= 0 && n <= a.size-a.held
	switch at := a.rng.IntN(8); {
	case at < 4:
		got := a.s.TryAcquire(n)
		if got != fits {
			return fmt.Errorf("got %v from TryAcquire(%d) while %d of %d permits were held, want %v",
				got, n, a.held, a.size, fits)
		}
		if got {
			a.held += n
		}
	case at == 4 && fits:
		if err := a.s.Acquire(context.Background(), n); err != nil {
			return fmt.Errorf("got %w from Acquire(%d) while %d of %d permits were held, want none", err, n, a.held, a.size)
		}
		a.held += n
	case at == 5 && n < 0:
		if err := a.s.Acquire(context.Background(), n); err == nil {
			return fmt.Errorf("got no error from Acquire(%d), want one", n)
		}
	case at == 6 && a.resizable:
		a.resize(1 + a.rng.IntN(2*a.base))
	case a.held > 0:
		n := 1 + a.rng.IntN(a.held)
		a.s.Release(n)
		a.held -= n
	}
	return nil
}

func (a *account) resize(size int) {
	a.size = size
	a.s.(sems.Resizer).Resize(size)
}

// weight returns how many permits to ask for: a few, all, one more than there are, or a
// number that looks like another one in fewer bits.
func (a *account) weight() int {
	if !a.weighted {
		return 1
	}
	free := a.size - a.held
	odd := []int{
		0, free, free + 1, a.size + 1, 1<<32 + free, 1 << 32, 1<<32 + 1, 1<<16 + a.size, math.MaxInt, math.MaxInt - a.held,
		-1, -a.held, math.MinInt, math.MinInt + 1,
	}
	if a.rng.IntN(3) == 0 {
		return odd[a.rng.IntN(len(odd))]
	}
	return a.rng.IntN(a.size + 1)
}

// checkTotal checks that all permits are free, and no more than these.
func (a *account) checkTotal() error {
	if !a.weighted {
		return newLimit(a.size).settled(a.s, a.size)
	}
	if !a.s.TryAcquire(a.size) {
		return fmt.Errorf("not all of %d permits came back", a.size)
	}
	if a.s.TryAcquire(1) {
		return fmt.Errorf("there are more than %d permits", a.size)
	}
	a.s.Release(a.size)
	return refusesNegative(a.s)
}
