package semaphore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// order lets a heavy waiter stand before a light one: when one permit comes back, FIFO keeps it for the heavy.
// An arrival cannot be seen from outside, so the verdict is over many rounds.
func order(t *harness.Trial, newSemaphore sems.New) error {
	return load.InOrder(t, func() bool { return heavyFirst(newSemaphore(2)) },
		"not first in, first out: the light waiter overtook the heavy one")
}

// heavyFirst reports whether the heavy waiter, which came first, was served first.
func heavyFirst(s sems.Semaphore) bool {
	var first atomic.Int64
	var group sync.WaitGroup
	s.TryAcquire(1)
	s.TryAcquire(1)
	for _, n := range []int{2, 1} {
		load.Line(&group, func() {
			if s.Acquire(context.Background(), n) == nil {
				first.CompareAndSwap(0, int64(n))
				s.Release(n)
			}
		})
	}
	s.Release(1)
	time.Sleep(load.Apart)
	s.Release(1)
	group.Wait()
	return first.Load() == 2
}

// woken is how long a waiter may take to notice that it is served.
const woken = time.Second

// cancelledHead lets a heavy waiter at the head of the line be cancelled: the light one behind it fits, and must
// be served although nothing is released (golang/go#37852).
func cancelledHead(t *harness.Trial, newSemaphore sems.New) error {
	return t.Window(func(w *harness.Window) error {
		w.Lasts(50 * time.Millisecond)
		w.Go("round", 1, func(w *harness.Worker) {
			for w.Next() {
				if err := cancelRound(newSemaphore(2)); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		return nil
	})
}

func cancelRound(s sems.Semaphore) error {
	var group sync.WaitGroup
	s.TryAcquire(1)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	rest, stop := context.WithTimeout(context.Background(), woken)
	defer stop()
	var heavy, light error
	load.Line(&group, func() { heavy = s.Acquire(ctx, 2) })
	load.Line(&group, func() { light = s.Acquire(rest, 1) })
	cancel()
	group.Wait()
	if !errors.Is(heavy, context.Canceled) {
		return fmt.Errorf("the heavy waiter was cancelled and says %w", heavy)
	}
	if light != nil {
		return fmt.Errorf("the waiter behind a cancelled head was not served: %w", light)
	}
	return nil
}
