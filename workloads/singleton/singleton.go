// Package singleton loads singletons: a stampede on one that is not built, reads of one
// that is, and initializers that fail. Every window checks that all callers got the same
// complete object, whose words are plain memory that only the singleton orders.
package singleton

import (
	"errors"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	singles "github.com/contendbench/contend/impls/singleton"
)

// New makes the singletons that are loaded here.
type New = singles.New[Object]

var about = harness.About{
	Pattern: "singleton", Contract: "singleton", Baseline: "once", QuickShare: 6 * time.Second,
}

var loads = []harness.Workload[New]{hot, cold, once, failing, panicking, unusable, slow, kept, wake}

// All is the suite over every singleton of this project, the seeded bugs among them.
func All() []harness.Suite {
	return []harness.Suite{Suite(append(singles.All[Object](), singles.Broken[Object]()...)...)}
}

// Suite is the suite over the singletons given.
func Suite(table ...impls.Impl[New]) harness.Suite {
	return harness.NewSuite(about, harness.Under(table, loads...))
}

var buildNs = harness.Param[int]{
	Key: "build-ns", About: "work of the initializer, ns", Default: 1000, Valid: harness.Between(0, 1_000_000_000),
}

// An Object is what a singleton holds: words that its initializer writes one after the
// other.
type Object struct{ words [8]uint64 }

const written = 0x5ca1ab1e

func (o *Object) complete() bool {
	for _, w := range o.words {
		if w != written {
			return false
		}
	}
	return true
}

var (
	errIncomplete = errors.New("a caller got an object that is not complete")
	errNeither    = errors.New("a caller got neither an object nor an error")
	errTwo        = errors.New("two callers got different objects")
	errEnded      = errors.New("the call ended its goroutine")
)
