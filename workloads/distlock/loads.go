package distlock

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/load"
)

// hot lets n clients contend for one key.
func hot(t *harness.Trial, b locks.Backend) error { return contend(t, b, 1, 0, false) }

// many lets them contend for many keys, of which some are more wanted.
func many(t *harness.Trial, b locks.Backend) error {
	return contend(t, b, keys.Of(t), load.Theta.Of(t), false)
}

// late lets them release each acquisition again, when they hold the key by the next one: that must free nothing.
func late(t *harness.Trial, b locks.Backend) error { return contend(t, b, 1, 0, true) }

// choices is how many picks of a key a worker goes through again and again.
const choices = 1024

func contend(t *harness.Trial, b locks.Backend, n int, theta float64, again bool) error {
	s, err := newSet(t, b)
	if err != nil {
		return err
	}
	clients, err := s.dials(waiters.Of(t))
	if err != nil {
		return s.close(err)
	}
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return s.close(t.Window(func(w *harness.Window) error {
		w.AtLeast(time.Duration(lastsMs.Of(t)) * time.Millisecond)
		sections, names := make([]section, n), make([]string, n)
		for i := range names {
			names[i] = "key-" + strconv.Itoa(i)
		}
		turns := make([]uint64, len(clients))
		batons, handovers, timed := make([]baton, n), make([]handed, len(clients)), w.Timed()
		w.Go("waiter", len(clients), func(w *harness.Worker) {
			picks := load.Choices(w.Rand(), n, theta, choices)
			var last locks.Lease
			for turn := 0; w.Next(); turn = (turn + 1) % choices {
				i := picks[turn]
				// A context that cannot end lets a lock wait as it does best.
				l, err := clients[w.ID].Acquire(context.Background(), names[i], s.ttl)
				if err != nil {
					w.Fail(err)
					return
				}
				w.Mark()
				if timed {
					handovers[w.ID].add(batons[i].taken(w.ID))
				}
				if again && last != nil {
					err = releasedAgain(context.Background(), last)
				}
				sections[i].visit(w, l.Token(), hold)
				if timed {
					batons[i].drops(w.ID)
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
			if took, ok := medianOf(handovers); ok {
				w.Metric("handover-ns", float64(took))
			}
			return settled(t, sections, turns)
		})
		return nil
	}))
}

// releasedAgain releases a lease that has been released.
func releasedAgain(ctx context.Context, l locks.Lease) error {
	err := l.Release(ctx)
	if errors.Is(err, locks.ErrLost) {
		return nil
	}
	return errors.Join(errors.New("a lease that had been released was released again, without an ErrLost"), err)
}

// settled checks that no turn was lost, and that there were tokens where they are promised.
func settled(t *harness.Trial, sections []section, turns []uint64) error {
	made, counted := uint64(0), uint64(0)
	for _, n := range turns {
		made += n
	}
	for i := range sections {
		s := &sections[i]
		counted += s.turns.Load()
		if t.Promises(impls.Fenced) && s.turns.Load() > 0 && s.token.Load() == 0 {
			return errors.New("there are no tokens")
		}
	}
	if made != counted {
		return fmt.Errorf("%d turns were made, and the sections count %d", made, counted)
	}
	return nil
}
