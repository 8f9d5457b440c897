package models

import (
	"fmt"

	"github.com/contendbench/contend/harness/history/linearizable"
)

// Permits is a call to a semaphore. It takes that many permits, or returns them if the
// number is negative. The result is whether it did.
type Permits int

// Semaphore has a number of permits. If it is not strict, a try may fail although enough
// permits are free, because they are for a waiter.
func Semaphore(permits int, strict bool) linearizable.Model[int, Permits, bool] {
	return linearizable.Model[int, Permits, bool]{
		Init: func() int { return permits },
		Step: func(free int, n Permits, got *bool) (bool, int) {
			enough := free >= int(n)
			if !enough || got != nil && !*got {
				return got == nil || !*got && (!enough || !strict), free
			}
			return true, free - int(n)
		},
		Equal: func(a, b int) bool { return a == b },
		Reads: func(_ Permits, got *bool) bool { return got != nil && !*got },
		Describe: func(n Permits, got *bool) string {
			call := fmt.Sprintf("acquire(%d)", n)
			if n < 0 {
				call = fmt.Sprintf("release(%d)", -n)
			}
			if got == nil {
				return call + " → " + pending
			}
			return fmt.Sprintf("%s → %t", call, *got)
		},
	}
}
