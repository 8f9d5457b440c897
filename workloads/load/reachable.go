package load

import (
	"runtime"
	"time"
	"weak"
)

// collections is how often Reachable collects before it believes that a value is kept.
const collections = 5

// Reachable returns how many of some values stay reachable. The stack of a goroutine that
// is just ending may hold one for a moment, so it collects again while any is left.
func Reachable[T any](values ...[]weak.Pointer[T]) int {
	kept := 0
	for try := range collections {
		time.Sleep(time.Duration(try) * time.Millisecond)
		runtime.GC()
		kept = 0
		for _, some := range values {
			for _, p := range some {
				if p.Value() != nil {
					kept++
				}
			}
		}
		if kept == 0 {
			break
		}
	}
	return kept
}
