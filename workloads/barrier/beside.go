package barrier

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	barriers "github.com/contendbench/contend/impls/barrier"
	"github.com/contendbench/contend/workloads/load"
)

// beside has a phase completed while one of its parties gives up. Either all parties
// complete it, and the barrier still works after the contexts have ended, or none does.
var beside = harness.Workload[barriers.New]{
	Load: harness.Load{
		Name: "beside", Turn: "round",
		About:  "the last party arrives or leaves at the moment when another one gives up",
		Params: []harness.AnyParam{parties},
		Needs:  []impls.Promise{impls.Cancellable}, Probes: []impls.Promise{impls.Cancellable},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(parties.In(2, 3, 4)), harness.Over(harness.Within(parties, 2, 100)),
		}},
	},
	Method: cancels,
	Run: func(t *harness.Trial, newBarrier barriers.New) error {
		n := max(parties.Of(t), 2)
		return load.Rounds(t, func(rng *rand.Rand) error {
			b := newBarrier(n).(barriers.Canceller)
			p := &contest{
				barrier: b, entered: make([]bool, n), plain: make([]bool, n), left: make([]departure, n),
			}
			for id := 1; id < n; id++ {
				p.plain[id] = rng.IntN(4) == 0
			}
			leaves := t.Promises(impls.Resizable) && rng.IntN(2) == 0
			return p.play(rng, leaves)
		})
	},
}

// A contest is a phase that the last party completes while party 0 gives up.
type contest struct {
	barrier barriers.Canceller
	entered []bool // plain: only the barrier orders them
	plain   []bool // parties that call Wait
	left    []departure
}

// A departure is what a wait returned.
type departure struct {
	leader bool
	err    error
	missed int // parties that a completed phase has not seen
}

// longestLead is how much earlier one of the two events may come.
const longestLead = 20 * time.Microsecond

// play plays the phase and the next one. The last party leaves or arrives.
func (p *contest) play(rng *rand.Rand, leaves bool) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	last := len(p.left) - 1
	first := rand.New(rand.NewPCG(rng.Uint64(), 1))
	var group sync.WaitGroup
	for id := range last {
		mine := context.Background()
		if id == 0 {
			mine = ctx
		}
		group.Go(func() { p.wait(mine, id, last, leaves) })
	}
	group.Go(func() {
		load.Pause(first, longestLead)
		cancel()
	})
	load.Pause(rng, longestLead)
	if leaves {
		p.barrier.(barriers.Phaser).Leave()
		group.Wait()
		return p.verdict(p.left[:last])
	}
	p.wait(context.Background(), last, last, leaves)
	group.Wait()
	return p.verdict(p.left)
}

// wait goes through the phase as party id.
func (p *contest) wait(ctx context.Context, id, last int, leaves bool) {
	p.entered[id] = true
	d := &p.left[id]
	d.leader, d.err = wait(p.barrier, ctx, id, p.plain[id])
	if d.err != nil {
		return
	}
	for other, entered := range p.entered {
		if !entered && (other != last || !leaves) {
			d.missed++
		}
	}
}

// verdict checks that the phase broke or completed for all, and that the barrier is what
// that left.
func (p *contest) verdict(left []departure) error {
	gaveUp := left[0].err
	if gaveUp == nil {
		if err := complete(left); err != nil {
			return err
		}
		return p.again(len(left))
	}
	if !errors.Is(gaveUp, context.Canceled) {
		return fmt.Errorf("the party that gave up got the error %w", gaveUp)
	}
	for id, d := range left[1:] {
		if !errors.Is(d.err, barriers.ErrBroken) {
			return fmt.Errorf("party 0 broke the barrier, and party %d left with the error %v, want %w",
				id+1, d.err, barriers.ErrBroken)
		}
	}
	if _, err := p.barrier.WaitContext(context.Background(), 0); !errors.Is(err, barriers.ErrBroken) {
		return fmt.Errorf("a wait at the broken barrier got the error %v, want %w", err, barriers.ErrBroken)
	}
	return nil
}

// complete checks the departures of a phase that did not break.
func complete(left []departure) error {
	leaders := 0
	for id, d := range left {
		if d.err != nil {
			return fmt.Errorf("party %d got an error in a phase that others completed: %w", id, d.err)
		}
		if d.missed > 0 {
			return fmt.Errorf("party %d left the phase before %d others had arrived", id, d.missed)
		}
		if d.leader {
			leaders++
		}
	}
	if leaders != 1 {
		return fmt.Errorf("a phase had %d leaders, want 1", leaders)
	}
	return nil
}

// again completes another phase of n parties: contexts that have ended since the last one
// do not matter.
func (p *contest) again(n int) error {
	left := make([]departure, n)
	var group sync.WaitGroup
	for id := range left {
		group.Go(func() { left[id].leader, left[id].err = p.barrier.WaitContext(context.Background(), id) })
	}
	group.Wait()
	if err := complete(left); err != nil {
		return fmt.Errorf("after a phase whose contexts have ended: %w", err)
	}
	return nil
}
