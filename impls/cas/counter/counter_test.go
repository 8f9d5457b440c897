package counter_test

import (
	"sync"
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cas/counter"
	"github.com/contendbench/contend/impls/implstest"
)

var _ counter.Batcher = (*counter.Batched)(nil)

type contender = impls.Impl[counter.New]

func TestTables(t *testing.T) { implstest.Tables(t, counter.All(), counter.Broken(), "broken.go") }

func TestSum(t *testing.T) {
	implstest.Each(t, counter.All(), func(t *testing.T, i contender) {
		c := i.New()
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for range 1000 {
					c.Add(3)
				}
			})
		}
		group.Wait()
		if got := c.Load(); got != 24_000 {
			t.Errorf("got sum %d, want 24000", got)
		}
	})
}

func TestReset(t *testing.T) {
	implstest.Each(t, counter.All(), func(t *testing.T, i contender) {
		c := i.New().(counter.Resetter)
		c.Add(5)
		if was, now := c.Reset(), c.Load(); was != 5 || now != 0 {
			t.Errorf("got %d from Reset and a sum of %d after it, want 5 and 0", was, now)
		}
	}, counter.Resettable)
}

func TestBatchedIsExactAfterFlush(t *testing.T) {
	var c counter.Batched
	a := c.Local()
	for range 100 {
		a.Add(1)
	}
	if got := c.Load(); got >= 100 {
		t.Errorf("got sum %d before Flush, want less than 100", got)
	}
	a.Flush()
	if got := c.Load(); got != 100 {
		t.Errorf("got sum %d after Flush, want 100", got)
	}
}
