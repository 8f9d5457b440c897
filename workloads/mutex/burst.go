package mutex

import (
	"fmt"
	"slices"
	"time"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

var burstWorkers = harness.Param[int]{Key: "burst", About: "workers that join in the middle third, 1 to 10000", Default: 64, Valid: harness.Between(1, 10_000)}

const (
	burstThird  = 10 * time.Millisecond
	burstSlices = 60 // kept of a window, a millisecond each: room for one that lasts longer than planned
)

// burst lets a crowd join steady workers for the middle third of the window. What the steady ones get
// in the last third, as a share of the first, is the lock's hysteresis: below 1 it does not come back at once.
func burst(t *harness.Trial, newLock locks.New) error {
	n, crowd := load.Goroutines.Of(t), burstWorkers.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		w.Lasts(3 * burstThird)
		lock, shared, tallies := newLock(), new(section), make([]tally, n+crowd)
		timelines := make([]timeline, n)
		join, leave := make(chan struct{}), make(chan struct{})
		begin := time.Now()
		w.Go("steady", n, func(w *harness.Worker) {
			mine, line := &tallies[w.ID], &timelines[w.ID]
			for w.Next() {
				lock.Lock()
				w.Mark()
				shared.visit(w, mine, hold, 0)
				lock.Unlock()
				line.note(time.Since(begin))
				w.Think(think)
			}
		})
		w.Go("crowd", crowd, func(w *harness.Worker) {
			<-join
			mine := &tallies[n+w.ID]
			for w.Next() {
				select {
				case <-leave:
					return
				default:
				}
				lock.Lock()
				w.Mark()
				shared.visit(w, mine, hold, 0)
				lock.Unlock()
				w.Think(think)
			}
		})
		var joined, left time.Duration
		w.At(burstThird, "burst", func() error { joined = time.Since(begin); close(join); return nil })
		w.At(2*burstThird, "recovery", func() error { left = time.Since(begin); close(leave); return nil })
		w.Check(func() error {
			for unit, v := range recovery(timelines, joined, left) {
				w.Metric(unit, v)
			}
			if tallies[n].turns == 0 && w.Turns("crowd") == 0 {
				return fmt.Errorf("%w: the crowd made no turn, so there was no burst", harness.ErrUnknown)
			}
			return settled(w, lock, shared, tallies)
		})
		return nil
	})
}

// timeline counts a worker's turns by millisecond.
type timeline struct {
	counts [burstSlices]uint32
	_      [128]byte
}

func (l *timeline) note(at time.Duration) {
	if i := int(at / time.Millisecond); i >= 0 && i < len(l.counts) {
		l.counts[i]++
	}
}

// recovery reads the timelines: hysteresis is the steady workers' pace after the burst over that before,
// recovery-ns the time from the burst's end to the first millisecond at 90 % of the pace before.
func recovery(lines []timeline, joined, left time.Duration) map[string]float64 {
	var sum []float64
	for i := range burstSlices {
		total := 0.0
		for j := range lines {
			total += float64(lines[j].counts[i])
		}
		sum = append(sum, total)
	}
	slice := func(d time.Duration) int { return min(int(d/time.Millisecond), len(sum)-1) }
	end := min(slice(left)+int(burstThird/time.Millisecond), len(sum)-1)
	pace := func(from, to int) float64 { return median(sum[min(from, to):to]) }
	before, during, after := pace(1, slice(joined)), pace(slice(joined)+1, slice(left)), pace(slice(left)+1, end)
	out := map[string]float64{}
	if before > 0 {
		out["burst-ratio"], out["hysteresis"] = during/before, after/before
	}
	for i := slice(left); i < end; i++ {
		if sum[i] >= 0.9*before {
			out["recovery-ns"] = float64(max(time.Duration(i)*time.Millisecond-left, 0))
			break
		}
	}
	return out
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Clone(v)
	slices.Sort(v)
	return v[len(v)/2]
}
