package hashmap

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// lives takes a fresh map through a short life. Each goroutine stores keys of its own,
// and loads and deletes keys of two others, which another goroutine tries to delete, too.
// A key hands over plain data from the Store to the Load.
var lives = harness.Workload[New]{
	Load: harness.Load{
		Name: "lives", Turn: "life of a map",
		About:  "goroutines store a few keys in a fresh map, load and delete those of others, and then all end",
		Params: []harness.AnyParam{load.Goroutines, ownKeys}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(load.Goroutines, 2, 40), harness.Within(ownKeys, 1, 20)),
			harness.Over(harness.Within(load.Goroutines, 40, 1200), ownKeys.In(1)),
		}},
	},
	Accepts: isMap[uint64, uint64],
	Run: func(t *harness.Trial, create New) error {
		n, keys := load.Goroutines.Of(t), ownKeys.Of(t)
		return t.Window(func(w *harness.Window) error {
			w.Go("life", 1, func(w *harness.Worker) {
				for w.Next() {
					l := &life{m: create(), goroutines: n, keys: keys, notes: make([]note, n*keys), report: w.Fail}
					if l.live(); l.failed.Load() {
						return
					}
				}
			})
			return nil
		})
	},
}

var ownKeys = harness.Param[int]{
	Key: "keys", About: "keys of each goroutine, 1 to 10000", Default: 8, Valid: harness.Between(1, 10_000),
}

// A life is that of one map.
type life struct {
	m                table
	goroutines, keys int // keys of each
	notes            []note
	in               atomic.Int64 // goroutines that have stored their keys
	failed           atomic.Bool
	report           func(error)
}

// A note belongs to a key, and its index is the key's value. It is written before the
// Store, and read after the Load or the LoadAndDelete.
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

func (l *life) live() {
	var group sync.WaitGroup
	for id := range l.goroutines {
		group.Go(func() {
			defer l.caught()
			for at := id * l.keys; at < (id+1)*l.keys; at++ {
				l.notes[at].written = at + 1
				l.store(at)
			}
			l.in.Add(1)
			for other := id + 1; other <= id+2; other++ {
				first := other % l.goroutines * l.keys
				for at := first; at < first+l.keys && !l.failed.Load(); at++ {
					l.takeOne(at)
				}
			}
		})
	}
	group.Wait()
	if l.failed.Load() {
		return
	}
	if err := count(l.m, 0); err != nil {
		l.fail(err)
	}
}

// store stores the key of a note, which no other goroutine stores.
func (l *life) store(at int) {
	m, once := l.m.(setter)
	if !once || at%2 == 0 {
		l.m.Store(key(at), uint64(at))
		return
	}
	if got, loaded := m.LoadOrStore(key(at), uint64(at)); loaded || got != uint64(at) {
		l.fail(fmt.Errorf("LoadOrStore of missing key %d returned %d, %t", at, got, loaded))
	}
}

// takeOne waits until the key of a note is gone. It does not look whether the key must be
// there before it has failed often: that would order it behind the Store, which is for
// the map to do.
func (l *life) takeOne(at int) {
	n := &l.notes[at]
	var missing load.Search
	for !n.gone.Load() && !l.failed.Load() {
		if v, ok := l.m.Load(key(at)); ok {
			l.read(at, v)
		}
		if v, ok := l.m.LoadAndDelete(key(at)); ok {
			if l.read(at, v); n.gone.Swap(true) {
				l.fail(fmt.Errorf("two calls of LoadAndDelete returned the only value of key %d", at))
			}
			return
		}
		if missing.Lost() && l.in.Load() == int64(l.goroutines) {
			l.fail(fmt.Errorf("key %d was stored, and no call found it", at))
		}
		runtime.Gosched()
	}
}

// read reads what was written before a Store.
func (l *life) read(at int, v uint64) {
	if v != uint64(at) || l.notes[at].written != at+1 {
		l.fail(fmt.Errorf("key %d has value %d, or what was written before its Store was not there", at, v))
	}
}
