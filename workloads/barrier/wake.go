package barrier

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	barriers "github.com/contendbench/contend/impls/barrier"
	"github.com/contendbench/contend/workloads/load"
)

// wake has one party that waits, which only the arrival of the other can wake. A wake-up
// that is lost hangs the round. One that a timer replaces comes late.
var wake = harness.Workload[barriers.New]{
	Load: harness.Load{
		Name: "wake", Turn: "3 rounds", About: "the last arrival is the only event that can wake the only waiter",
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newBarrier barriers.New) error {
		return load.CheckWake(t, func(rng *rand.Rand, pause func()) (time.Duration, error) {
			b, waiter := newBarrier(2), rng.IntN(2)
			var leads [2]bool
			took := load.WakeUp(pause,
				func() { leads[0] = b.Wait(waiter) },
				func() { leads[1] = b.Wait(1 - waiter) })
			if leads[0] == leads[1] {
				return took, fmt.Errorf("got leaders %v and %v of two parties, want exactly one", leads[0], leads[1])
			}
			return took, nil
		})
	},
}

// wakeByEnd has one party that waits, and a context whose end is the only event that can
// wake it: its own, or that of a party which arrives and gives up.
var wakeByEnd = harness.Workload[barriers.New]{
	Load: harness.Load{
		Name: "wake-by-end", Turn: "3 rounds",
		About: "the end of a context is the only event that can wake the only waiter",
		Needs: []impls.Promise{impls.Cancellable}, Probes: []impls.Promise{impls.Cancellable},
		Points: harness.Points{Stress: load.Once},
	},
	Method: cancels,
	Run: func(t *harness.Trial, newBarrier barriers.New) error {
		return load.CheckWake(t, func(rng *rand.Rand, pause func()) (time.Duration, error) {
			return giveUp(pause, newBarrier(3).(barriers.Canceller), rng.IntN(2) == 0)
		})
	},
}

// giveUp returns how long after the end of a context the only waiter of a barrier of
// three returns. The context is its own, or that of another party.
func giveUp(pause func(), b barriers.Canceller, own bool) (time.Duration, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	mine, event, want := ctx, cancel, context.Canceled
	var got, other error
	if !own {
		mine, want = context.Background(), barriers.ErrBroken
		event = func() {
			cancel()
			_, other = b.WaitContext(ctx, 1)
		}
	}
	took := load.WakeUp(pause, func() { _, got = b.WaitContext(mine, 0) }, event)
	switch {
	case !errors.Is(got, want):
		return took, fmt.Errorf("got error %v of a wait at a barrier that breaks, want %v", got, want)
	case !own && !errors.Is(other, context.Canceled):
		return took, fmt.Errorf("got error %v of a party whose context had ended, want %v", other, context.Canceled)
	}
	return took, nil
}

// wakeByLeave has one party that waits, which only the other's leaving can wake.
var wakeByLeave = harness.Workload[barriers.New]{
	Load: harness.Load{
		Name: "wake-by-leave", Turn: "3 rounds", About: "a party that leaves is the only event that can wake the only waiter",
		Needs: []impls.Promise{impls.Resizable}, Probes: []impls.Promise{impls.Resizable},
		Points: harness.Points{Stress: load.Once},
	},
	Method: resizes,
	Run: func(t *harness.Trial, newBarrier barriers.New) error {
		return load.CheckWake(t, func(_ *rand.Rand, pause func()) (time.Duration, error) {
			b := newBarrier(2).(barriers.Phaser)
			var leads bool
			took := load.WakeUp(pause, func() { leads = b.Wait(0) }, b.Leave)
			if !leads {
				return took, errors.New("the only party that is left does not lead its phase")
			}
			return took, nil
		})
	},
}
