package task

import (
	"time"

	"github.com/contendbench/contend/impls"
)

// keep is how long an Elastic of the tables keeps an idle worker. Real pools keep it for
// seconds, and loads with idle times would then take seconds, too.
const keep = 15 * time.Millisecond

// What our own pools promise.
var (
	whole     = []impls.Promise{SurvivesPanic, SurvivesGoexit, RefusesLate}
	waiting   = append(whole[:len(whole):len(whole)], Limited, Blocks, CloseWakes, impls.Cancellable)
	refusing  = append(whole[:len(whole):len(whole)], Limited, Rejects)
	accepting = append(whole[:len(whole):len(whole)], Limited, impls.Unbounded, Nested)
)

// Workers returns every worker pool.
func Workers() []impls.Impl[New] {
	return append([]impls.Impl[New]{
		impls.Headline(impls.New("goroutine", impls.Runtime, "Go specification, Go statements",
			func(int, int) Pool { return NewGoroutine() }, impls.Unbounded, Nested, SurvivesGoexit, RefusesLate)),
		impls.New("semaphore", impls.Channel, "Effective Go, Concurrency",
			func(workers, _ int) Pool { return NewSemaphore(workers) }, waiting...),
		impls.Headline(impls.New("channel", impls.Channel, "Effective Go, Channels",
			func(workers, queue int) Pool { return NewChannel(workers, queue) }, waiting...)),
		impls.Headline(impls.New("cond", impls.Mutex, "Hoare 1974, §4",
			func(workers, queue int) Pool { return NewCond(workers, queue) }, refusing...)),
		impls.New("elastic", impls.Mutex, "java.util.concurrent.ThreadPoolExecutor, design",
			func(workers, queue int) Pool { return NewElastic(workers, queue, keep) }, refusing...),
		impls.New("ring", impls.Atomic, "Vyukov 2010",
			func(workers, queue int) Pool { return NewRing(workers, queue) }, waiting...),
		impls.Headline(impls.New("sharded", impls.Mutex, "java.util.concurrent.ForkJoinPool, design of its submissions",
			func(workers, _ int) Pool { return NewSharded(workers) }, accepting...)),
		impls.New("batched", impls.Atomic, "Okasaki 1998, §5.2",
			func(workers, _ int) Pool { return NewBatched(workers) }, accepting...),
		impls.Headline(impls.New("stealing", impls.Atomic, "Blumofe and Leiserson 1999, §4",
			func(workers, _ int) Pool { return NewStealing(workers) }, accepting...)),
	}, libraries()...)
}

// ThreadPools returns every thread pool.
func ThreadPools() []impls.Impl[New] {
	var (
		waiting   = append(waiting[:len(waiting):len(waiting)], Threads)
		refusing  = append(refusing[:len(refusing):len(refusing)], Threads)
		accepting = append(accepting[:len(accepting):len(accepting)], Threads)
	)
	table := []impls.Impl[New]{
		impls.Headline(impls.New("locked-channel", impls.Channel, "runtime.LockOSThread",
			func(workers, queue int) Pool { return NewLockedChannel(workers, queue) }, waiting...)),
		impls.New("locked-cond", impls.Mutex, "runtime.LockOSThread",
			func(workers, queue int) Pool { return NewLockedCond(workers, queue) }, refusing...),
		impls.New("locked-elastic", impls.Mutex, "java.util.concurrent.ThreadPoolExecutor, design",
			func(workers, queue int) Pool { return NewLockedElastic(workers, queue, keep) }, refusing...),
		impls.New("locked-batched", impls.Atomic, "runtime.LockOSThread",
			func(workers, _ int) Pool { return NewLockedBatched(workers) }, accepting...),
		onLinux(impls.Headline(impls.New("futex", impls.Atomic, "Franke, Russell and Kirkwood 2002",
			func(workers, queue int) Pool { return NewFutex(workers, queue) }, refusing...))),
		onLinux(impls.New("eventfd", impls.Mutex, "eventfd(2)",
			func(workers, queue int) Pool { return NewEventfd(workers, queue) }, refusing...)),
		onLinux(impls.New("pinned", impls.Channel, "sched_setaffinity(2)",
			func(workers, queue int) Pool { return NewPinnedChannel(workers, queue) }, append(waiting, Pinned)...)),
	}
	for i := range table {
		table[i] = impls.UpToCrowd(mostThreads, table[i])
	}
	return table
}

// mostThreads bounds the threads that a stress run makes a pool start.
const mostThreads = 100

func onLinux(i impls.Impl[New]) impls.Impl[New] {
	i.Requires.Missing = missing
	return i
}
