package set

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	sets "github.com/contendbench/contend/impls/lockfree/set"
	"github.com/contendbench/contend/workloads/load"
)

// lives takes a fresh set through a short life. Each goroutine inserts keys of its own,
// and removes keys of two others, which another goroutine tries to remove, too. A key
// hands over plain data from the Insert to the Remove.
var lives = harness.Workload[sets.New]{
	Load: harness.Load{
		Name: "lives", Turn: "life of a set",
		About:  "goroutines insert a few keys into a fresh set, remove those of others, and then all end",
		Params: []harness.AnyParam{load.Goroutines, ownKeys}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(load.Goroutines, 2, 40), harness.Within(ownKeys, 1, 10)),
			harness.Over(harness.Within(load.Goroutines, 40, 600), ownKeys.In(1)),
		}},
	},
	Accepts: isSet,
	Run: func(t *harness.Trial, create sets.New) error {
		n, keys := load.Goroutines.Of(t), ownKeys.Of(t)
		return t.Window(func(w *harness.Window) error {
			w.Go("life", 1, func(w *harness.Worker) {
				for w.Next() {
					l := &life{set: create(), goroutines: n, keys: keys, notes: make([]note, n*keys), report: w.Fail}
					if l.live(); l.failed.Load() {
						return
					}
				}
			})
			return nil
		})
	},
}

// A life is that of one set.
type life struct {
	set              sets.Set
	goroutines, keys int // keys of each
	notes            []note
	in               atomic.Int64 // goroutines that have inserted their keys
	failed           atomic.Bool
	report           func(error)
}

// A note belongs to a key. It is written before the Insert, and read after the Remove.
type note struct {
	written int // plain
	gone    atomic.Bool
}

func (l *life) fail(err error) {
	l.failed.Store(true)
	l.report(err)
}

// caught fails the life if a call panicked.
func (l *life) caught() {
	if p := recover(); p != nil {
		l.fail(fmt.Errorf("panicked: %v\n%s", p, debug.Stack()))
	}
}

// keyOf is the key of a note: of one sign or the other, and far from its neighbors.
func keyOf(at int) int { return (at%2*2 - 1) * (at/2 + 1) << 31 }

func (l *life) live() {
	var group sync.WaitGroup
	for id := range l.goroutines {
		group.Go(func() {
			defer l.caught()
			for at := id * l.keys; at < (id+1)*l.keys; at++ {
				l.notes[at].written = at + 1
				if !l.set.Insert(keyOf(at)) {
					l.fail(fmt.Errorf("an Insert of key %d, which no other goroutine inserts, returned false", keyOf(at)))
				}
			}
			l.in.Add(1)
			for other := id + 1; other <= id+2; other++ {
				first := other % l.goroutines * l.keys
				for at := first; at < first+l.keys && !l.failed.Load(); at++ {
					l.remove(at)
				}
			}
		})
	}
	group.Wait()
	for at := range l.notes {
		if l.set.Contains(keyOf(at)) && !l.failed.Load() {
			l.fail(fmt.Errorf("the set contains key %d, which was removed", keyOf(at)))
		}
	}
}

// remove waits until the key of a note is gone. It does not look whether the key must be
// there before it has failed often: that would order it behind the Insert, which is for
// the set to do.
func (l *life) remove(at int) {
	n := &l.notes[at]
	var missing load.Search
	for !n.gone.Load() && !l.failed.Load() {
		if l.set.Remove(keyOf(at)) {
			if n.written != at+1 || n.gone.Swap(true) {
				l.fail(fmt.Errorf("key %d was removed twice, or what was written before its Insert is missing", keyOf(at)))
			}
			return
		}
		if missing.Lost() && l.in.Load() == int64(l.goroutines) {
			l.fail(fmt.Errorf("key %d was inserted, and no Remove found it", keyOf(at)))
		}
		runtime.Gosched()
	}
}
