package rwlock

import (
	"math/rand/v2"
	"strings"
	"time"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// wake has one waiter, which only one event can wake: nothing else touches the lock. A
// wake-up that is lost hangs the round. One that a timer replaces comes late.
var wake = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "wake", Turn: "3 rounds",
		About:  "the last reader or the writer that leaves is the only one who can wake the only waiter",
		Params: []harness.AnyParam{inside, waits},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(inside.In("w"), waits.In("r", "w")), harness.Over(inside.In("r", "rrr"), waits.In("w")),
		}},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return load.CheckWake(t, wakeRound(t, newLock, inside.Of(t), waits.Of(t)))
	},
}

// longWait is wake with one long wait of each kind.
var longWait = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "long-wait", Turn: "round of each kind", About: "a reader or a writer waits for up to a second",
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return load.CheckLongWait(t,
			wakeRound(t, newLock, "w", "w"), wakeRound(t, newLock, "w", "r"),
			wakeRound(t, newLock, "r", "w"), wakeRound(t, newLock, "rrr", "w"))
	},
}

var (
	inside = harness.Param[string]{
		Key: "inside", About: "who is inside: w is a writer and each r a reader", Default: "w",
		Valid: func(s string) bool { return s == "w" || onlyReaders(s) },
	}
	waits = harness.Param[string]{
		Key: "waits", About: "who waits: r is a reader and w a writer", Default: "w",
		Valid: func(s string) bool { return s == "r" || s == "w" },
	}
)

// wakeRound returns a round on a fresh lock with some inside. The last of them wakes the
// waiter.
func wakeRound(t *harness.Trial, newLock locks.New, within, waiter string) load.WakeRound {
	if within != "w" && !t.Promises(locks.SharedReaders) {
		within = within[:1]
	}
	return func(_ *rand.Rand, pause func()) (time.Duration, error) {
		l := line{lock: newLock(), sides: within + waiter}
		var leaves []func()
		for i := range within {
			leaves = append(leaves, l.enter(i))
		}
		last := len(leaves) - 1
		for _, leave := range leaves[:last] {
			leave()
		}
		return load.WakeUp(pause, func() { l.visit(last + 1) }, leaves[last]), nil
	}
}

func onlyReaders(s string) bool { return s != "" && len(s) <= 8 && strings.Trim(s, "r") == "" }
