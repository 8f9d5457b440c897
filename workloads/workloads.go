// Package workloads is the table of suites that contend measures.
package workloads

import (
	"slices"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/actor"
	"github.com/contendbench/contend/workloads/async"
	"github.com/contendbench/contend/workloads/barrier"
	"github.com/contendbench/contend/workloads/cas"
	"github.com/contendbench/contend/workloads/distlock"
	"github.com/contendbench/contend/workloads/forkjoin"
	"github.com/contendbench/contend/workloads/future"
	"github.com/contendbench/contend/workloads/lockfree/hashmap"
	"github.com/contendbench/contend/workloads/lockfree/queue"
	"github.com/contendbench/contend/workloads/lockfree/set"
	"github.com/contendbench/contend/workloads/lockfree/stack"
	"github.com/contendbench/contend/workloads/mutex"
	"github.com/contendbench/contend/workloads/rwlock"
	"github.com/contendbench/contend/workloads/semaphore"
	"github.com/contendbench/contend/workloads/singleton"
	"github.com/contendbench/contend/workloads/task"
	"github.com/contendbench/contend/workloads/txn"
)

// All returns every suite. A new contract is one line here.
func All() []harness.Suite {
	return slices.Concat(
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
		task.All(),
		forkjoin.All(),
		future.All(),
		async.All(),
		actor.All(),
		txn.All(),
		distlock.All(),
	)
}
