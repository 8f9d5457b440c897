package distlock

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/load"
)

// clientLoad is a load without a fault: clients acquire keys, work and release them.
type clientLoad struct {
	keys         int
	theta        float64 // of the choice among keys
	releaseTwice bool
}

// clientsTake is the time of a trial of a clientLoad besides its windows: servers start,
// and the windows of the quick preset are longer than those of other loads.
const clientsTake = 50 * time.Millisecond

// choices is how many picks of a key a worker draws before a window; it repeats them.
const choices = 1024

func (c clientLoad) run(t *harness.Trial, b locks.Backend) error {
	d, err := deploy(t, b, b.Start)
	if err != nil {
		return err
	}
	clients, err := d.dialAll(waiters.Of(t))
	if err != nil {
		return d.close(err)
	}
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return d.close(t.Window(func(w *harness.Window) error {
		w.AtLeast(time.Duration(lastsMs.Of(t)) * time.Millisecond)
		protected, names := make([]words, c.keys), make([]string, c.keys)
		for i := range names {
			names[i] = "key-" + strconv.Itoa(i)
		}
		turns := make([]uint64, len(clients))
		releases, took, timed := make([]lastRelease, c.keys), make([]handovers, len(clients)), w.Timed()
		w.Go("waiter", len(clients), func(w *harness.Worker) {
			picks := load.Choices(w.Rand(), c.keys, c.theta, choices)
			var last locks.Lease
			for turn := 0; w.Next(); turn = (turn + 1) % choices {
				i := picks[turn]
				// A context that cannot end lets a lock choose its best way to wait.
				l, err := clients[w.ID].Acquire(context.Background(), names[i], d.ttl)
				if err != nil {
					w.Fail(err)
					return
				}
				w.Mark()
				if timed {
					took[w.ID].add(releases[i].since(w.ID))
				}
				if c.releaseTwice && last != nil {
					err = releaseAgain(context.Background(), last)
				}
				protected[i].visit(w, l.Token(), hold)
				if timed {
					releases[i].by(w.ID)
				}
				if err = errors.Join(err, l.Release(context.Background())); err != nil {
					w.Fail(err)
					return
				}
				turns[w.ID]++
				last = l
				w.Think(think)
			}
		})
		w.Check(func() error {
			if ns, ok := medianOf(took); ok {
				w.Set(handoverTime, ns)
			}
			return settled(t, protected, turns)
		})
		return nil
	}))
}

// releaseAgain releases a lease that has been released.
func releaseAgain(ctx context.Context, l locks.Lease) error {
	err := l.Release(ctx)
	if errors.Is(err, locks.ErrLost) {
		return nil
	}
	return errors.Join(errors.New("a second release of a lease did not report ErrLost"), err)
}

// settled checks that no turn was lost, and that there were tokens where they are
// promised.
func settled(t *harness.Trial, protected []words, turns []uint64) error {
	made, counted := uint64(0), uint64(0)
	for _, n := range turns {
		made += n
	}
	for i := range protected {
		p := &protected[i]
		counted += p.turns.Load()
		if t.Promises(locks.Fenced) && p.turns.Load() > 0 && p.token.Load() == 0 {
			return errors.New("there are no tokens")
		}
	}
	if made != counted {
		return fmt.Errorf("lost updates: %d turns were made and the sections count %d", made, counted)
	}
	return nil
}
