package harness

import (
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/results"
)

const (
	probeTime  = time.Millisecond
	arithSteps = 20_000
	hopBatch   = 64 // hops between two looks at the clock
)

// Probe looks at the machine for about a millisecond, as every trial does when it begins: what a cache line's way between two cores costs,
// and what a fixed chain of arithmetic costs. The first has two regimes on virtual machines, for a
// second or so at a time, and locks follow it; the second sees frequency and stolen time.
func Probe() results.Probe {
	p := results.Probe{Load: loadOfOthers(), ArithNs: arithmetic()}
	if runtime.NumCPU() > 1 {
		old := runtime.GOMAXPROCS(max(2, runtime.GOMAXPROCS(0)))
		p.HopNs = hop()
		runtime.GOMAXPROCS(old)
	}
	return p
}

func arithmetic() float64 {
	begin := since()
	x := Spin(uint64(begin), arithSteps)
	runtime.KeepAlive(x)
	return float64(since()-begin) / arithSteps
}

// hop returns the median time in ns of one hand-over of a word between two goroutines on two cores, or 0
// if the second one was never scheduled beside the first.
func hop() float64 {
	var ball struct {
		_    [128]byte
		turn atomic.Uint64
		_    [120]byte
	}
	const over = ^uint64(0)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for want := uint64(1); ; want += 2 {
			for spins := 0; ; spins++ {
				now := ball.turn.Load()
				if now == over {
					return
				}
				if now == want {
					break
				}
				if spins%4096 == 4095 {
					runtime.Gosched()
				}
			}
			ball.turn.Store(want + 1)
		}
	}()
	var hops []float64
	deadline := since() + probeTime
	n := uint64(0)
	for last := since(); last < deadline; {
		for range hopBatch / 2 {
			ball.turn.Store(n + 1)
			n += 2
			for spins := 0; ball.turn.Load() != n; spins++ {
				if spins%4096 == 4095 {
					runtime.Gosched()
				}
			}
		}
		now := since()
		hops = append(hops, float64(now-last)/hopBatch)
		last = now
	}
	ball.turn.Store(over)
	<-done
	if len(hops) < 2 {
		return 0
	}
	hops = hops[1:] // the other side was still being scheduled
	slices.Sort(hops)
	return hops[len(hops)/2]
}

// Ticks are the machine's processor ticks at one moment; zero where the system does not tell.
type Ticks struct{ stolen, all uint64 }

// ReadMachine reads the ticks.
func ReadMachine() Ticks {
	stolen, all := processorTicks()
	return Ticks{stolen, all}
}

// StolenSince is the share of processor time, in %, that the host took since an earlier moment.
func (t Ticks) StolenSince(o Ticks) float64 {
	if t.all <= o.all {
		return 0
	}
	return 100 * float64(t.stolen-o.stolen) / float64(t.all-o.all)
}
