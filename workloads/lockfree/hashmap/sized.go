package hashmap

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
	"github.com/contendbench/contend/workloads/load"
)

// sized stores keys twice and deletes them twice, by n goroutines at once, and compares
// the Len while no goroutine changes the map.
var sized = harness.Workload[New]{
	Load: harness.Load{
		Name: "sized", Turn: "round",
		About:  "n goroutines store many keys twice and delete them twice; Len counts each once",
		Params: []harness.AnyParam{load.Goroutines, size},
		Needs:  []impls.Promise{maps.Sized}, Probes: []impls.Promise{maps.Sized}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{ // small maps are for the load model
			harness.Over(harness.Within(load.Goroutines, 1, 16), harness.Within(size, 500, 200_000)),
		}},
	},
	Method: func(create New) (string, bool) {
		_, ok := create().(maps.Counted[uint64, uint64])
		return "Len() int", ok
	},
	Run: func(t *harness.Trial, create New) error {
		n, keys := load.Goroutines.Of(t), size.Of(t)
		return load.Rounds(t, func(*rand.Rand) error {
			return countWhileItChanges(create().(maps.Counted[uint64, uint64]), n, keys)
		})
	},
}

func countWhileItChanges(m maps.Counted[uint64, uint64], n, keys int) error {
	half := keys / 2
	for _, part := range []struct {
		what  string
		calls int
		do    func(i int)
		want  int
	}{
		{"was stored twice", 2 * keys, func(i int) { m.Store(key(i%keys), value(i%keys, 0)) }, keys},
		{"was missing and was deleted", keys, func(i int) { m.LoadAndDelete(key(keys + i)) }, keys},
		{"was deleted twice, of the first half", 2 * half, func(i int) { m.LoadAndDelete(key(i % half)) }, keys - half},
		{"was deleted, at last", keys, func(i int) { m.LoadAndDelete(key(i)) }, 0},
	} {
		crowd(n, part.calls, func(i int) {
			part.do(i)
			if i%callsPerLen == 0 {
				m.Len() // may be any number now, but must not disturb the others
			}
		})
		if got := m.Len(); got != part.want {
			return fmt.Errorf("the Len is %d after each key %s, want %d of %d", got, part.what, part.want, keys)
		}
	}
	return nil
}

// callsPerLen is how many calls there are for each Len.
const callsPerLen = 256

// crowd lets n goroutines draw the numbers below count in turn.
func crowd(n, count int, do func(i int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range n {
		group.Go(func() {
			for i := int(next.Add(1) - 1); i < count; i = int(next.Add(1) - 1) {
				do(i)
			}
		})
	}
	group.Wait()
}
