package models

import (
	"fmt"

	"github.com/contendbench/contend/harness/history/linearizable"
)

// Membership is a call to a set, for one key. Insert and Remove return whether they
// changed the set, and Contains whether the key is in it.
type Membership struct {
	Op  string
	Key int
}

// The operations of a set.
const (
	Insert   = "insert"
	Remove   = "remove"
	Contains = "contains"
)

// Set is a set of keys, empty at first.
func Set() linearizable.Model[bool, Membership, bool] {
	return linearizable.Model[bool, Membership, bool]{
		Init: func() bool { return false },
		Step: func(in bool, c Membership, got *bool) (bool, bool) {
			want, next := in, in
			switch c.Op {
			case Insert:
				want, next = !in, true
			case Remove:
				next = false
			}
			return got == nil || *got == want, next
		},
		Equal: func(a, b bool) bool { return a == b },
		Key:   func(c Membership) int { return c.Key },
		Reads: func(c Membership, got *bool) bool { return c.Op == Contains || got != nil && !*got },
		Describe: func(c Membership, got *bool) string {
			if got == nil {
				return fmt.Sprintf("%s(%d) → %s", c.Op, c.Key, pending)
			}
			return fmt.Sprintf("%s(%d) → %t", c.Op, c.Key, *got)
		},
	}
}
