package models

import (
	"fmt"

	"github.com/contendbench/contend/harness/history"
)

// Permits is a call to a semaphore: it takes so many permits, or gives them back where they are negative. It returns whether it did.
type Permits int

// Semaphore has so many permits. One that is not strict may refuse a try where permits are free, because others wait for them.
func Semaphore(permits int, strict bool) history.Model[int, Permits, bool] {
	return history.Model[int, Permits, bool]{
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
				return call + " → cut off"
			}
			return fmt.Sprintf("%s → %t", call, *got)
		},
	}
}
