package models

import (
	"fmt"

	"github.com/contendbench/contend/harness/history"
)

// Membership is a call to a set: "add", "remove" or "contains", of a key. Each returns whether it changed something, or was so.
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

// Set holds keys, none at first.
func Set() history.Model[bool, Membership, bool] {
	return history.Model[bool, Membership, bool]{
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
				return fmt.Sprintf("%s(%d) → cut off", c.Op, c.Key)
			}
			return fmt.Sprintf("%s(%d) → %t", c.Op, c.Key, *got)
		},
	}
}
