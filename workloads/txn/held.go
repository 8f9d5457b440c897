package txn

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/workloads/load"
)

// cancelled has transactions wait behind one that has written all keys, until their
// contexts end. They return then, and leave nothing.
var cancelled = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "cancelled", Turn: "round",
		About:  "the contexts of transactions end while they wait for one that has written all keys",
		Params: []harness.AnyParam{load.Goroutines, records, backoff}, Allocates: true,
		Needs: []impls.Promise{impls.Cancellable}, Probes: []impls.Promise{impls.Cancellable},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(load.Goroutines, 1, 16), harness.Within(records, 1, 30), backoffs),
		}},
	},
	Run: func(t *harness.Trial, b txns.Backend) error { return runHeld(t, b, (*holding).cancelled) },
}

// readsOn has Views run beside a transaction that has written all keys and does not end
// before they do.
var readsOn = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "reads-on", Turn: "round",
		About:  "a View runs once, and ends before a transaction that has written all keys does",
		Params: cancelled.Params, Allocates: true,
		Needs: []impls.Promise{txns.ReadsOn}, Probes: []impls.Promise{txns.ReadsOn},
		Points: cancelled.Points,
	},
	Run: func(t *harness.Trial, b txns.Backend) error { return runHeld(t, b, (*holding).viewed) },
}

// A holding is a round in which a transaction has written all keys, and others run beside.
type holding struct {
	rng    *rand.Rand
	s      *site
	size   int
	beside int // goroutines
	sum    uint64
}

func runHeld(t *harness.Trial, b txns.Backend, play func(h *holding, ready func()) error) error {
	size := records.Of(t)
	fill := func(s txns.Store) error { return fillCounters(t.Context, s, size, 8) }
	return onStores(t, b, 0, fill, func(w *harness.Window, s *site) error {
		h := &holding{s: s, size: size, beside: load.Goroutines.Of(t)}
		w.Go("round", 1, func(w *harness.Worker) {
			h.rng = w.Rand()
			for w.Next() {
				if err := h.round(play); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		w.Check(func() error { return checkRest(t, s, size, h.sum) })
		return nil
	})
}

// round holds all keys while play runs, and then writes them all.
func (h *holding) round(play func(h *holding, ready func()) error) error {
	held, end := make(chan struct{}), make(chan struct{})
	var once sync.Once
	holds := make(chan error, 1)
	keys := h.rng.Perm(h.size)
	go func() {
		holds <- h.s.Update(context.Background(), func(tx txns.Tx) error {
			for _, key := range keys {
				if err := increase(tx, uint64(key), 1); err != nil {
					return err
				}
			}
			once.Do(func() { close(held) })
			<-end // at once, if it runs again
			return nil
		})
	}()
	<-held
	err := play(h, sync.OnceFunc(func() { close(end) }))
	if heldErr := <-holds; heldErr != nil {
		return errors.Join(err, fmt.Errorf("a transaction that nothing forbids: %w", heldErr))
	}
	h.sum += uint64(h.size)
	if err != nil {
		return err
	}
	h.sum += uint64(h.size)
	return increaseEach(h.s, h.size)
}

// cancelled runs transactions until their contexts end, and then lets the holder go on.
func (h *holding) cancelled(end func()) error {
	defer end()
	errs, committed := make([]error, h.beside), make([]uint64, h.beside)
	var group sync.WaitGroup
	for i := range h.beside {
		rng := rand.New(rand.NewPCG(h.rng.Uint64(), 0))
		group.Go(func() { committed[i], errs[i] = h.wait(rng) })
	}
	group.Wait()
	for _, n := range committed {
		h.sum += n
	}
	return errors.Join(errs...)
}

// wait runs a transaction under a context that ends soon. It returns how many increments
// were committed.
func (h *holding) wait(rng *rand.Rand) (uint64, error) {
	ctx, cancel, want := endingSoon(rng)
	defer cancel()
	keys := rng.Perm(h.size)[:1+rng.IntN(h.size)]
	writes := rng.IntN(3) > 0
	run := h.s.View
	if writes {
		run = h.s.Update
	}
	err := run(ctx, func(tx txns.Tx) error {
		for _, key := range keys {
			n, err := getCounter(tx, uint64(key))
			if err == nil && writes {
				err = putCounter(tx, uint64(key), n+1)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case err == nil && writes:
		return uint64(len(keys)), nil
	case err == nil || errors.Is(err, want):
		return 0, nil
	}
	return 0, fmt.Errorf("a transaction whose context ended: got %w, want %w", err, want)
}

// endingSoon returns a context that ends within about a millisecond, and its error then.
func endingSoon(rng *rand.Rand) (ctx context.Context, cancel context.CancelFunc, want error) {
	if rng.IntN(2) == 0 {
		ctx, cancel = context.WithTimeout(context.Background(), time.Duration(rng.Int64N(int64(time.Millisecond))))
		return ctx, cancel, context.DeadlineExceeded
	}
	ctx, cancel = context.WithCancel(context.Background())
	own := rand.New(rand.NewPCG(rng.Uint64(), 0))
	go func() {
		load.Pause(own, time.Millisecond)
		cancel()
	}()
	return ctx, cancel, context.Canceled
}

// viewed runs Views, which see what there was before the holder.
func (h *holding) viewed(end func()) error {
	defer end()
	errs := make([]error, h.beside)
	var group sync.WaitGroup
	for i := range h.beside {
		group.Go(func() {
			var runs atomic.Int64
			var sum uint64
			err := h.s.View(context.Background(), func(tx txns.Tx) (err error) {
				runs.Add(1)
				sum, err = scanBlock(tx, 0, h.size, 0)
				if err == nil {
					_, err = getCounter(tx, uint64(i%h.size))
				}
				return err
			})
			switch {
			case err == nil && runs.Load() != 1:
				err = fmt.Errorf("the body of a View ran %d times, want once", runs.Load())
			case err == nil && sum != h.sum:
				err = fmt.Errorf("a View beside a transaction that has not ended adds the counters up to %d, want %d", sum, h.sum)
			}
			errs[i] = err
		})
	}
	group.Wait()
	return errors.Join(errs...)
}
