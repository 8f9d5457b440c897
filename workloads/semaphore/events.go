package semaphore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// events makes one event after the other: a waiter comes or is cancelled, permits are
// released or tried for, the size changes. Whenever all waiters fit, one must be served,
// although nothing else happens.
var events = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "events", Turn: "round of 30 events",
		About:   "waiters come and are cancelled, permits are released, the size changes; if all waiters fit, one is served",
		Params:  []harness.AnyParam{permitCount},
		Probes:  []impls.Promise{sems.Weighted, impls.Cancellable, impls.Resizable},
		Lasting: true,
		Points:  harness.Points{Stress: []harness.Grid{harness.Over(permitCount.In(1, 2, 3, 7))}},
	},
	Run: func(t *harness.Trial, newSemaphore sems.New) error {
		size := permitCount.Of(t)
		s := newSemaphore(size)
		return load.Rounds(t, func(rng *rand.Rand) error {
			now := &scene{
				sem: s, rng: rng, base: size, size: size, largest: size, returned: make(chan *caller, maxCallers),
				weighted: t.Promises(sems.Weighted), cancellable: t.Promises(impls.Cancellable),
				resizable: t.Promises(impls.Resizable),
			}
			if err := now.play(); err != nil {
				return err
			}
			return newLimit(size).settled(s, size)
		})
	},
}

const (
	maxCallers    = 6 // that wait at a time
	eventsInRound = 30
)

// A scene is a semaphore, and what is known of its permits and its waiters.
type scene struct {
	sem                              sems.Semaphore
	rng                              *rand.Rand
	base, size, largest              int // permits at first, now, and at most
	held                             int
	waiting                          []*caller
	returned                         chan *caller
	weighted, cancellable, resizable bool
}

// A caller is a goroutine in Acquire.
type caller struct {
	n      int
	ctx    context.Context
	cancel context.CancelFunc
	err    error
}

func (s *scene) play() error {
	happenings := []func() error{s.come, s.come, s.release, s.try}
	if s.cancellable {
		happenings = append(happenings, s.cancelOne)
	}
	if s.resizable {
		happenings = append(happenings, s.resize)
	}
	for range eventsInRound {
		if err := errors.Join(happenings[s.rng.IntN(len(happenings))](), s.settle()); err != nil {
			return err
		}
	}
	return s.end()
}

// come has one more goroutine wait. It may want more permits than there are if it can be
// cancelled.
func (s *scene) come() error {
	if len(s.waiting) == maxCallers {
		return nil
	}
	c := &caller{n: 1}
	switch {
	case s.weighted && s.cancellable && s.rng.IntN(8) == 0:
		c.n += s.size
	case s.weighted:
		c.n += s.rng.IntN(s.base)
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	s.waiting = append(s.waiting, c)
	go func() {
		c.err = s.sem.Acquire(c.ctx, c.n)
		s.returned <- c
	}()
	load.Pause(s.rng, load.ArrivalGap)
	return nil
}

func (s *scene) release() error {
	if s.held > 0 {
		n := 1 + s.rng.IntN(s.held)
		s.held -= n
		s.sem.Release(n)
	}
	return nil
}

// try takes permits without waiting. A success needs free permits, but a failure may be
// for the sake of the waiters.
func (s *scene) try() error {
	n := 1
	if s.weighted {
		n += s.rng.IntN(s.size)
	}
	if !s.sem.TryAcquire(n) {
		return nil
	}
	if s.held += n; s.held > s.size {
		return fmt.Errorf("a TryAcquire of %d permits succeeded while %d of %d were held", n, s.held-n, s.size)
	}
	return nil
}

// cancelOne ends the context of one waiter, which must return.
func (s *scene) cancelOne() error {
	if len(s.waiting) == 0 {
		return nil
	}
	c := s.waiting[s.rng.IntN(len(s.waiting))]
	c.cancel()
	for slices.Contains(s.waiting, c) {
		if err := s.next("the end of its context did not end a wait"); err != nil {
			return err
		}
	}
	return nil
}

func (s *scene) resize() error {
	s.change(min(1+s.rng.IntN(2*s.size), maxSize))
	return nil
}

// maxSize bounds the size to which a round grows a semaphore.
const maxSize = 16

func (s *scene) change(size int) {
	s.size, s.largest = size, max(s.largest, size)
	s.sem.(sems.Resizer).Resize(size)
}

// settle waits until not all waiters fit in the free permits.
func (s *scene) settle() error {
	for s.allFit() {
		if err := s.next("no waiter was served, although each of them fits"); err != nil {
			return err
		}
	}
	return nil
}

// allFit reports whether there are waiters for no more permits than there are, and each
// of them fits.
func (s *scene) allFit() bool {
	some := false
	for _, c := range s.waiting {
		if c.n > s.size {
			continue
		}
		if c.n > s.size-s.held {
			return false
		}
		some = true
	}
	return some
}

// next waits for a waiter to return, and takes note of its permits. complaint is the error
// if none does.
func (s *scene) next(complaint string) error {
	c, ok := inTime(s.returned)
	if !ok {
		return fmt.Errorf("%s: %d wait while %d of %d permits are held", complaint, len(s.waiting), s.held, s.size)
	}
	s.waiting = slices.DeleteFunc(s.waiting, func(other *caller) bool { return other == c })
	if c.err != nil {
		return endedBy(c.ctx, c.err)
	}
	c.cancel() // too late: it changes nothing
	if s.held += c.n; s.held > s.largest {
		return fmt.Errorf("%d permits are held, of at most %d", s.held, s.largest)
	}
	return nil
}

// end serves or cancels all waiters, and gives all permits back.
func (s *scene) end() error {
	if s.resizable {
		s.change(s.base)
	}
	for len(s.waiting) > 0 {
		if s.cancellable {
			if err := s.cancelOne(); err != nil {
				return err
			}
			continue
		}
		s.sem.Release(s.held)
		s.held = 0
		if err := s.next("no waiter was served after the release of all permits"); err != nil {
			return err
		}
	}
	s.sem.Release(s.held)
	return nil
}
