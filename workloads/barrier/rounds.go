package barrier

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	barriers "github.com/contendbench/contend/impls/barrier"
)

// inRounds lets one worker play one round after the other, each at a barrier of its own.
func inRounds(t *harness.Trial, play func(*rand.Rand) error) error {
	return t.Window(func(w *harness.Window) error {
		w.Go("round", 1, func(w *harness.Worker) {
			for w.Next() {
				if err := play(w.Rand()); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		return nil
	})
}

const runPhases = 16

// A life is a party's first and last phase.
type life struct{ from, to int }

// A run is parties that come and go by a plan, which says how many meet in each phase.
type run struct {
	phaser   barriers.Phaser
	lives    []life // the first one lasts from the first phase to the last
	arrivals [runPhases]atomic.Int64
	leads    [runPhases]atomic.Int64
	failure  atomic.Pointer[error]
	group    sync.WaitGroup
}

func changing(t *harness.Trial, create barriers.New) error {
	n := parties.Of(t)
	return inRounds(t, func(rng *rand.Rand) error {
		r := &run{phaser: create(n).(barriers.Phaser), lives: []life{{0, runPhases - 1}}}
		for range n - 1 {
			r.lives = append(r.lives, life{0, rng.IntN(runPhases)})
		}
		for range 2 * n {
			from := 1 + rng.IntN(runPhases-1)
			r.lives = append(r.lives, life{from, from + rng.IntN(runPhases-from)})
		}
		return r.play()
	})
}

func (r *run) play() error {
	for i, l := range r.lives {
		if l.from == 0 {
			r.group.Go(func() { r.live(l, i == 0) })
		}
	}
	r.group.Wait()
	if err := r.failure.Load(); err != nil {
		return *err
	}
	for phase := range runPhases {
		if leads := r.leads[phase].Load(); leads != 1 {
			return fmt.Errorf("phase %d had %d leaders", phase, leads)
		}
	}
	return nil
}

// live goes through the phases of a life; the host, who stays to the end, brings the others in.
func (r *run) live(l life, host bool) {
	for phase := l.from; phase <= l.to; phase++ {
		if host {
			r.admit(phase)
		}
		r.arrivals[phase].Add(1)
		if r.phaser.Wait(0) {
			r.leads[phase].Add(1)
		}
		if got, want := r.arrivals[phase].Load(), r.expected(phase); got != want {
			err := fmt.Errorf("phase %d was left when %d of %d parties had come", phase, got, want)
			r.failure.Store(&err)
		}
	}
	r.phaser.Leave()
}

func (r *run) admit(phase int) {
	for _, l := range r.lives {
		if l.from == phase && phase > 0 {
			r.phaser.Register()
			r.group.Go(func() { r.live(l, false) })
		}
	}
}

func (r *run) expected(phase int) int64 {
	n := int64(0)
	for _, l := range r.lives {
		if l.from <= phase && phase <= l.to {
			n++
		}
	}
	return n
}

// broken lets all parties but one come, of which one gives up.
func broken(t *harness.Trial, create barriers.New) error {
	n := max(parties.Of(t), 2)
	return inRounds(t, func(*rand.Rand) error {
		b := create(n).(barriers.Canceller)
		ctx, cancel := context.WithCancel(t.Context)
		defer cancel()
		got := make([]error, n-1)
		var group sync.WaitGroup
		group.Go(func() { _, got[0] = b.WaitContext(ctx, 0) })
		for id := 1; id < len(got); id++ {
			group.Go(func() { _, got[id] = b.WaitContext(context.Background(), id) })
		}
		cancel()
		group.Wait()
		if !errors.Is(got[0], context.Canceled) {
			return fmt.Errorf("the party that gave up got the error %v", got[0])
		}
		for _, err := range got[1:] {
			if !errors.Is(err, barriers.ErrBroken) {
				return fmt.Errorf("a party at a broken barrier got the error %v", err)
			}
		}
		if _, err := b.WaitContext(context.Background(), n-1); !errors.Is(err, barriers.ErrBroken) {
			return fmt.Errorf("a party that came to a broken barrier got the error %v", err)
		}
		return nil
	})
}
