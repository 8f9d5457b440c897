package mutex

import (
	"fmt"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/results"
	"github.com/contendbench/contend/workloads/load"
)

// burst lets a crowd join steady workers for the middle third of the window. The steady
// workers' pace in the last third, as a share of that in the first, is the lock's
// hysteresis: below 1 it does not recover at once.
var burst = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "burst", Turn: "acquisition by the steady workers",
		About:   "a crowd joins for the middle third of the window, and leaves",
		Params:  []harness.AnyParam{load.Goroutines, burstWorkers, load.Hold, load.Think},
		Metrics: append([]harness.Metric{burstRatio, hysteresis, recovery}, sectionMetrics...),
		Probes:  []impls.Promise{impls.Try},
		Takes:   2 * 3 * burstThird,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(2), load.Hold.In(1000), load.Think.In(0, 1000))},
			Stress:   []harness.Grid{harness.Over(load.Goroutines.In(2))},
		},
	},
	Run: runBurst,
}

var (
	burstWorkers = harness.Param[int]{
		Key: "burst", About: "workers that join in the middle third, 1 to 10000", Default: 64,
		Valid: harness.Between(1, 10_000), Crowd: true,
	}
	burstRatio = harness.Metric{
		Unit: "burst-ratio", Better: harness.Higher, About: "pace of the steady workers during the burst, relative to before",
	}
	hysteresis = harness.Metric{
		Unit: "hysteresis", Better: harness.Higher, About: "pace of the steady workers after the burst, relative to before",
	}
	recovery = harness.Metric{
		Unit: "recovery-ns", Better: harness.Lower, About: "from the burst's end until the pace is back at 90 %",
	}
)

const (
	burstThird = 10 * time.Millisecond
	burstBin   = time.Millisecond
)

func runBurst(t *harness.Trial, newLock locks.New) error {
	n, crowd := load.Goroutines.Of(t), burstWorkers.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		w.Lasts(3 * burstThird)
		lock, shared, tallies := newLock(), new(section), make([]tally, n+crowd)
		line := w.Timeline(burstBin)
		tracks := make([]*harness.Track, n)
		for i := range tracks {
			tracks[i] = line.Track()
		}
		join, leave := make(chan struct{}), make(chan struct{})
		w.Go("steady", n, func(w *harness.Worker) {
			mine, track := &tallies[w.ID], tracks[w.ID]
			for w.Next() {
				lock.Lock()
				w.Mark()
				shared.visit(w, mine, hold, 0)
				lock.Unlock()
				track.Count()
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
		w.At(burstThird, "burst", func() error { line.Mark("burst"); close(join); return nil })
		w.At(2*burstThird, "recovery", func() error { line.Mark("recovery"); close(leave); return nil })
		w.Check(func() error {
			if tallies[n].turns == 0 && w.Turns("crowd") == 0 {
				return fmt.Errorf("%w: the crowd made no turn, so there was no burst", harness.ErrUnknown)
			}
			for m, v := range recoveryOf(line.Merged()) {
				w.Set(m, v)
			}
			return settled(w, lock, shared, tallies)
		})
		return nil
	})
}

// recoveryOf reads the metrics off a timeline. If its marks are missing, or the steady
// workers made no turn before the burst, there are none.
func recoveryOf(line *results.Timeline) map[harness.Metric]float64 {
	if len(line.Marks) < 2 {
		return nil
	}
	bin := func(i int) int { return min(int(line.Marks[i].AtMs/line.BinMs), len(line.Ops)) }
	joined, left := bin(0), bin(1)
	end := min(left+int(burstThird/burstBin), len(line.Ops)-1) // the last bin may be incomplete
	before := pace(line.Ops, 1, joined)
	if before == 0 {
		return nil
	}
	found := map[harness.Metric]float64{
		burstRatio: pace(line.Ops, joined+1, left) / before,
		hysteresis: pace(line.Ops, left+1, end) / before,
	}
	for i := left; i < end; i++ {
		if float64(line.Ops[i]) >= 0.9*before {
			found[recovery] = max(float64(i)*line.BinMs-line.Marks[1].AtMs, 0) * 1e6
			break
		}
	}
	return found
}

// pace is the median number of turns in some bins.
func pace(ops []int, from, to int) float64 {
	var counts []float64
	for _, n := range ops[min(from, to):to] {
		counts = append(counts, float64(n))
	}
	return results.Median(counts)
}
