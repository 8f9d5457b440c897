package machine

import (
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/impls/cpu"
	"github.com/contendbench/contend/results"
)

const (
	probeTime  = time.Millisecond
	arithSteps = 20_000
	hopBatch   = 64 // hops between two reads of the clock
)

// Probe measures the machine for about a millisecond. Every trial calls it first. It
// measures the transfer of a cache line between two cores, and a fixed chain of
// arithmetic. On virtual machines, the first has two regimes of about a second each, and
// locks follow it. The second shows frequency and stolen time.
func Probe() results.Probe {
	p := results.Probe{Load: loadOfOthers(), ArithNs: arithmetic()}
	if runtime.NumCPU() > 1 {
		old := runtime.GOMAXPROCS(max(2, runtime.GOMAXPROCS(0)))
		p.HopNs = hop()
		runtime.GOMAXPROCS(old)
	}
	return p
}

// arithmetic returns the time of one step of Spin, in ns.
func arithmetic() float64 {
	start := Since()
	x := Spin(uint64(start), arithSteps)
	runtime.KeepAlive(x)
	return float64(Since()-start) / arithSteps
}

// hop returns the median time of one transfer of a word between goroutines on two cores,
// in ns. It is 0 if the two never ran at the same time.
func hop() float64 {
	var ball struct {
		_    [cpu.Line]byte
		turn atomic.Uint64
		_    [cpu.Line - 8]byte
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
	deadline := Since() + probeTime
	n := uint64(0)
	for last := Since(); last < deadline; {
		for range hopBatch / 2 {
			ball.turn.Store(n + 1)
			n += 2
			for spins := 0; ball.turn.Load() != n; spins++ {
				if spins%4096 == 4095 {
					runtime.Gosched()
				}
			}
		}
		now := Since()
		hops = append(hops, float64(now-last)/hopBatch)
		last = now
	}
	ball.turn.Store(over)
	<-done
	if len(hops) < 2 {
		return 0
	}
	hops = hops[1:] // the other goroutine was still being scheduled
	slices.Sort(hops)
	return hops[len(hops)/2]
}

// Ticks are the machine's processor ticks at one moment. They are zero if the system does
// not report them.
type Ticks struct{ stolen, all uint64 }

// ReadTicks reads the ticks.
func ReadTicks() Ticks {
	stolen, all := processorTicks()
	return Ticks{stolen, all}
}

// StolenSince returns the share of processor time, in %, that the host took since o was
// read.
func (t Ticks) StolenSince(o Ticks) float64 {
	if t.all <= o.all {
		return 0
	}
	return 100 * float64(t.stolen-o.stolen) / float64(t.all-o.all)
}
