package cas

import (
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cas/counter"
	"github.com/contendbench/contend/workloads/load"
)

// lives takes a fresh counter through a short life. What a counter does only once, such
// as growing, it does in each.
var lives = harness.Workload[counter.New]{
	Load: harness.Load{
		Name: "lives", Turn: "life of a counter", About: "some goroutines add a few times to a fresh counter, and end",
		Params: []harness.AnyParam{load.Goroutines, additions},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(load.Goroutines, 1, 40), harness.Within(additions, 1, 200)),
		}},
	},
	Run: func(t *harness.Trial, newCounter counter.New) error {
		n, each := load.Goroutines.Of(t), additions.Of(t)
		return load.Rounds(t, func(*rand.Rand) error {
			return live(newCounter(), n, each, t.Promises(counter.Resettable))
		})
	},
}

var additions = harness.Param[int]{
	Key: "additions", About: "additions by each goroutine in the life of a counter, 1 to 100000", Default: 20,
	Valid: harness.Between(1, 100_000),
}

// live has n goroutines add some times each, and checks the sum and what a reset leaves.
func live(c counter.Counter, n, each int, reset bool) error {
	start := make(chan struct{})
	var group sync.WaitGroup
	for range n {
		group.Go(func() {
			adders, flush := adders([]counter.Counter{c})
			<-start
			for range each {
				adders[0].Add(1)
			}
			flush()
		})
	}
	close(start)
	group.Wait()
	want := int64(n * each)
	if got := c.Load(); got != want {
		return fmt.Errorf("the sum is %d after %d additions of 1", got, want)
	}
	if !reset {
		return nil
	}
	if got, left := c.(counter.Resetter).Reset(), c.Load(); got != want || left != 0 {
		return fmt.Errorf("a reset of %d returned %d and left %d", want, got, left)
	}
	return nil
}
