package barrier_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/barrier"
	"github.com/contendbench/contend/impls/implstest"
)

var (
	_ barrier.Canceller = (*barrier.Cond)(nil)
	_ barrier.Canceller = (*barrier.Channel)(nil)
	_ barrier.Phaser    = (*barrier.CondPhaser)(nil)
)

type contender = impls.Impl[barrier.New]

func TestTables(t *testing.T) { implstest.Tables(t, barrier.All(), barrier.Broken(), "broken.go") }

// Every number of parties meets, including those that fill no tree.
func TestParties(t *testing.T) {
	implstest.Each(t, barrier.All(), func(t *testing.T, i contender) {
		for _, parties := range []int{1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33} {
			b := i.New(parties)
			const phases = 20
			arrived := make([]int, parties)
			var group sync.WaitGroup
			for id := range parties {
				group.Go(func() {
					for phase := range phases {
						arrived[id] = phase
						b.Wait(id)
						if got := arrived[(id+1)%parties]; got != phase {
							t.Errorf("got phase %d beside party %d of %d, want %d", got, id, parties, phase)
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
	implstest.Each(t, barrier.All(), func(t *testing.T, i contender) {
		b := i.New(1)
		for range 5 {
			if got := b.Wait(0); !got {
				t.Errorf("got leader %v from the Wait of the only party, want true", got)
			}
		}
	})
}

func TestCancellation(t *testing.T) {
	implstest.Each(t, barrier.All(), func(t *testing.T, i contender) {
		b := i.New(3).(barrier.Canceller)
		others := make(chan error)
		go func() {
			_, err := b.WaitContext(context.Background(), 1)
			others <- err
		}()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		defer cancel()
		time.Sleep(time.Millisecond)
		if _, err := b.WaitContext(ctx, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got error %v of the wait that ended, want %v", err, context.DeadlineExceeded)
		}
		if err := <-others; !errors.Is(err, barrier.ErrBroken) {
			t.Errorf("got error %v of a wait at the broken barrier, want %v", err, barrier.ErrBroken)
		}
		defer func() {
			got := recover()
			if err, ok := got.(error); !ok || !errors.Is(err, barrier.ErrBroken) {
				t.Errorf("got panic %v of Wait at the broken barrier, want %v", got, barrier.ErrBroken)
			}
		}()
		b.Wait(2)
	}, impls.Cancellable)
}

// A barrier does not break when a context ends after all parties have arrived.
func TestLateCancellation(t *testing.T) {
	implstest.Each(t, barrier.All(), func(t *testing.T, i contender) {
		b := i.New(1).(barrier.Canceller)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if leader, err := b.WaitContext(ctx, 0); err != nil || !leader {
			t.Errorf("got leader %v, error %v after all have arrived, want true, nil", leader, err)
		}
	}, impls.Cancellable)
}

// A party that leaves a broken barrier completes no phase for those that waited.
func TestLeavingABrokenBarrier(t *testing.T) {
	implstest.Each(t, barrier.All(), func(t *testing.T, i contender) {
		type phaser interface {
			barrier.Canceller
			barrier.Phaser
		}
		for range 200 {
			b := i.New(3).(phaser)
			waiter := make(chan error)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			go func() {
				_, err := b.WaitContext(context.Background(), 0)
				waiter <- err
			}()
			runtime.Gosched()
			_, gaveUp := b.WaitContext(ctx, 1)
			b.Leave()
			if !errors.Is(gaveUp, context.Canceled) {
				t.Errorf("got error %v of the wait that ended, want %v", gaveUp, context.Canceled)
			}
			if err := <-waiter; !errors.Is(err, barrier.ErrBroken) {
				t.Fatalf("got error %v of a wait at the broken barrier, want %v", err, barrier.ErrBroken)
			}
		}
	}, impls.Cancellable, impls.Resizable)
}

func TestPartiesComeAndGo(t *testing.T) {
	implstest.Each(t, barrier.All(), func(t *testing.T, i contender) {
		b := i.New(2).(barrier.Phaser)
		led := make(chan bool)
		go func() { led <- b.Wait(0) }()
		time.Sleep(time.Millisecond)
		b.Leave()
		if got := <-led; !got {
			t.Errorf("got leader %v in the phase that a leaving party ended, want true", got)
		}
		b.Register()
		go func() { led <- b.Wait(0) }()
		second, first := b.Wait(1), <-led
		if first == second {
			t.Errorf("got leaders %v and %v of two parties, want exactly one", first, second)
		}
	}, impls.Resizable)
}
