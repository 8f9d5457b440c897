package barrier_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/barrier"
)

var (
	_ barrier.Canceller = (*barrier.Cond)(nil)
	_ barrier.Canceller = (*barrier.Channel)(nil)
	_ barrier.Phaser    = (*barrier.CondPhaser)(nil)
)

// each runs a subtest for every barrier that competes and makes promise p, or any if p is empty.
func each(t *testing.T, p impls.Promise, test func(*testing.T, barrier.New)) {
	t.Helper()
	n := 0
	for _, i := range barrier.All() {
		if i.Role == impls.Contender && (p == "" || i.Has(p)) {
			n++
			t.Run(i.Name, func(t *testing.T) { test(t, i.New) })
		}
	}
	if n == 0 {
		t.Error("no barrier was tested")
	}
}

func TestTables(t *testing.T) {
	if err := impls.Check(append(barrier.All(), barrier.Broken()...)); err != nil {
		t.Error(err)
	}
}

// Every number of parties meets, those that fill no tree among them.
func TestParties(t *testing.T) {
	each(t, "", func(t *testing.T, create barrier.New) {
		for _, parties := range []int{1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33} {
			b := create(parties)
			const phases = 20
			arrived := make([]int, parties)
			var group sync.WaitGroup
			for id := range parties {
				group.Go(func() {
					for phase := range phases {
						arrived[id] = phase
						b.Wait(id)
						if at := arrived[(id+1)%parties]; at != phase {
							t.Errorf("%d parties: party %d saw its neighbour in phase %d during %d", parties, id, at, phase)
						}
						b.Wait(id)
					}
				})
			}
			group.Wait()
		}
	})
}

func TestOneParty(t *testing.T) {
	each(t, "", func(t *testing.T, create barrier.New) {
		b := create(1)
		for range 5 {
			if !b.Wait(0) {
				t.Error("the only party does not lead")
			}
		}
	})
}

func TestCancellation(t *testing.T) {
	each(t, impls.Cancellable, func(t *testing.T, create barrier.New) {
		b := create(3).(barrier.Canceller)
		others := make(chan error)
		go func() {
			_, err := b.WaitContext(context.Background(), 1)
			others <- err
		}()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		defer cancel()
		time.Sleep(time.Millisecond)
		if _, err := b.WaitContext(ctx, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v, want the context's error", err)
		}
		if err := <-others; !errors.Is(err, barrier.ErrBroken) {
			t.Errorf("a party that waits at a broken barrier got %v", err)
		}
		defer func() {
			if err, ok := recover().(error); !ok || !errors.Is(err, barrier.ErrBroken) {
				t.Error("Wait at a broken barrier did not panic with ErrBroken")
			}
		}()
		b.Wait(2)
	})
}

// A barrier whose context ends after all have come is not broken.
func TestLateCancellation(t *testing.T) {
	each(t, impls.Cancellable, func(t *testing.T, create barrier.New) {
		b := create(1).(barrier.Canceller)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if leader, err := b.WaitContext(ctx, 0); err != nil || !leader {
			t.Errorf("all were there: leader %v, %v", leader, err)
		}
	})
}

func TestPartiesComeAndGo(t *testing.T) {
	each(t, impls.Resizable, func(t *testing.T, create barrier.New) {
		b := create(2).(barrier.Phaser)
		led := make(chan bool)
		go func() { led <- b.Wait(0) }()
		time.Sleep(time.Millisecond)
		b.Leave()
		if !<-led {
			t.Error("nobody leads the phase that a leaving party ended")
		}
		b.Register()
		go func() { led <- b.Wait(0) }()
		if second := b.Wait(1); second == <-led {
			t.Error("not exactly one of two leads")
		}
	})
}
