// Package workloads is the table of patterns that contend measures.
package workloads

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/barrier"
	"github.com/contendbench/contend/workloads/cas"
	"github.com/contendbench/contend/workloads/distlock"
	"github.com/contendbench/contend/workloads/lockfree/hashmap"
	"github.com/contendbench/contend/workloads/lockfree/queue"
	"github.com/contendbench/contend/workloads/lockfree/set"
	"github.com/contendbench/contend/workloads/lockfree/stack"
	"github.com/contendbench/contend/workloads/mutex"
	"github.com/contendbench/contend/workloads/rwlock"
	"github.com/contendbench/contend/workloads/semaphore"
	"github.com/contendbench/contend/workloads/singleton"
)

// All returns every pattern. A new contract is one line here.
func All() []harness.Pattern {
	return []harness.Pattern{
		mutex.All(),
		semaphore.All(),
		rwlock.All(),
		barrier.All(),
		singleton.All(),
		cas.All(),
		queue.All(),
		stack.All(),
		set.All(),
		hashmap.All(),
		distlock.All(),
	}
}
