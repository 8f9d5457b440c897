package semaphore

import (
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
)

// liar is a semaphore that makes promises which it does not keep.
func liar(newSemaphore sems.New, promises ...impls.Promise) harness.Suite {
	return Suite(impls.New("liar", impls.Mutex, "here", newSemaphore, promises...))
}

// A semaphore that lets light waiters pass a heavy one starves it, and must not promise
// otherwise.
func TestLoneFindsStarvation(t *testing.T) {
	var starving []impls.Impl[sems.New]
	for _, i := range sems.All() {
		if i.Has(sems.Weighted) && !i.Has(impls.StarvationFree) {
			starving = append(starving, i)
		}
	}
	for _, i := range sems.Broken() {
		if i.Name == "passes-line" || i.Name == "skips-heavier" {
			starving = append(starving, i)
		}
	}
	for _, i := range starving {
		t.Run(i.Name, func(t *testing.T) {
			harness.Finds(t, liar(i.New, impls.StarvationFree, sems.Weighted), "lone", "starved")
		})
	}
}

// Barging lets a newcomer take the permit that a heavy waiter cannot use yet.
func TestOrderFindsASemaphoreThatIsNotFIFO(t *testing.T) {
	barging := func(n int) sems.Semaphore { return sems.NewBarging(n) }
	harness.Finds(t, liar(barging, impls.FIFO, sems.Weighted), "order", "first in, first out")
}

func TestResizeFindsASizeThatStays(t *testing.T) {
	stays := func(n int) sems.Semaphore { return &fixed{sems.NewFIFO(n)} }
	harness.Finds(t, liar(stays, impls.Resizable), "resize", "after Resize")
}

// fixed is a semaphore whose Resize does nothing.
type fixed struct{ *sems.FIFO }

func (*fixed) Resize(int) {}
