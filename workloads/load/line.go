package load

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Apart is the time between two arrivals: enough for the first to stand in line.
const Apart = 50 * time.Microsecond

// Line starts f on a goroutine of group, and returns when it should stand in line. An arrival cannot be seen from
// outside, so what rests on it is judged over many rounds.
func Line(group *sync.WaitGroup, f func()) {
	var started atomic.Bool
	group.Go(func() {
		started.Store(true)
		f()
	})
	for !started.Load() {
		runtime.Gosched()
	}
	time.Sleep(Apart)
}
