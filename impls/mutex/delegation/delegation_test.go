package delegation_test

import (
	"io"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/impls/mutex/delegation"
)

// everything is the delegation locks, and the locks of package mutex as delegates.
func everything() []impls.Impl[delegation.New] {
	return append(delegation.All(), delegation.Adapt(mutex.All())...)
}

func TestTable(t *testing.T) {
	if err := impls.Check(append(everything(), delegation.Adapt(mutex.Broken())...)); err != nil {
		t.Error(err)
	}
}

// end closes a Doer that has its own goroutine.
func end(t *testing.T, doer delegation.Doer) {
	t.Helper()
	if owner, ok := doer.(io.Closer); ok {
		if err := owner.Close(); err != nil {
			t.Errorf("got %v from Close, want nil", err)
		}
	}
}

// All sections run, one at a time, and a closed Doer leaves no goroutine behind.
func TestSections(t *testing.T) {
	implstest.Each(t, everything(), func(t *testing.T, i impls.Impl[delegation.New]) {
		workers, turns := 8, 500
		if i.Limits.Crowd > 0 { // every hand-over may take a time slice
			workers, turns = 3, 10
		}
		defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
		doer, counter := i.New(), 0
		var group sync.WaitGroup
		for range workers {
			group.Go(func() {
				for range turns {
					doer.Do(func() { counter++ })
				}
			})
		}
		group.Wait()
		if counter != workers*turns {
			t.Errorf("got %d sections run, want %d", counter, workers*turns)
		}
		end(t, doer)
	})
}

// What a section wrote is visible to its caller when Do returns.
func TestCallerSeesItsSection(t *testing.T) {
	implstest.Each(t, delegation.All(), func(t *testing.T, i impls.Impl[delegation.New]) {
		doer := i.New()
		var group sync.WaitGroup
		for g := range 8 {
			group.Go(func() {
				for n := range 300 {
					got, want := 0, g*300+n
					doer.Do(func() { got = want })
					if got != want {
						t.Errorf("got %d after the section, want %d", got, want)
						return
					}
				}
			})
		}
		group.Wait()
		end(t, doer)
	})
}

func TestZeroValues(t *testing.T) {
	for name, doer := range map[string]delegation.Doer{
		"flat-combining": new(delegation.FlatCombining), "oyama": new(delegation.Oyama),
	} {
		ran := false
		doer.Do(func() { ran = true })
		if !ran {
			t.Errorf("%s: got a zero value that did not run a section, want one that does", name)
		}
	}
}

// Records that are not used for long leave the list, and come back when they are needed.
func TestFlatCombiningForgetsRecords(t *testing.T) {
	var doer delegation.FlatCombining
	counter := 0
	crowd := func() {
		var group sync.WaitGroup
		for range 32 {
			group.Go(func() {
				for range 100 {
					doer.Do(func() { counter++ })
				}
			})
		}
		group.Wait()
	}
	crowd()
	for range 5000 { // alone, for longer than a record may stay unused
		doer.Do(func() { counter++ })
	}
	crowd()
	if want := 2*32*100 + 5000; counter != want {
		t.Errorf("got %d sections run, want %d", counter, want)
	}
}
