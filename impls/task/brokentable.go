package task

import "github.com/contendbench/contend/impls"

// BrokenWorkers returns the seeded bugs of worker pools.
func BrokenWorkers() []impls.Impl[New] {
	return impls.Seed(Workers(), append(lockBugs(), atomicBugs()...)...)
}

// lockBugs are those of pools with channels and mutexes.
func lockBugs() []impls.Bug[New] {
	return []impls.Bug[New]{
		{
			Name: "close-race", Twin: "cond", Flaw: "a Submit beside Close queues its task after the workers have ended",
			New: func(workers, queue int) Pool {
				p := new(closeRace)
				p.init(workers, queue)
				p.serveWith(workers, p.next)
				return p
			},
		},
		{
			Name: "signals-if-empty", Twin: "cond", Flaw: "of two tasks that come at once, the second wakes no worker",
			New: func(workers, queue int) Pool {
				p := new(signalsIfEmpty)
				p.init(workers, queue)
				p.serveWith(workers, p.next)
				return p
			},
		},
		{
			Name: "one-too-many", Twin: "cond", Flaw: "takes a task more than it has workers and room",
			New: func(workers, queue int) Pool {
				p := new(oneTooMany)
				p.init(workers, queue)
				p.serveWith(workers, p.next)
				return p
			},
		},
		{
			Name: "runs-refused", Twin: "cond", Flaw: "runs a task for which Submit returned ErrFull",
			New: func(workers, queue int) Pool {
				p := new(runsRefused)
				p.init(workers, queue)
				p.serveWith(workers, p.next)
				return p
			},
		},
		{
			Name: "closes-early", Twin: "channel", Flaw: "Close returns while the last tasks run",
			New: func(workers, queue int) Pool {
				p := new(closesEarly)
				p.init(queue)
				p.startAll(workers, p.serve)
				return p
			},
		},
		{
			Name: "panic-shrinks", Twin: "channel", Flaw: "a task that panics costs the pool a worker",
			New: func(workers, queue int) Pool {
				p := new(panicShrinks)
				p.init(queue)
				p.startAll(workers, p.serve)
				return p
			},
		},
		{
			Name: "exit-shrinks", Twin: "channel", Flaw: "a task that calls runtime.Goexit costs the pool a worker",
			New: func(workers, queue int) Pool {
				p := new(exitShrinks)
				p.init(queue)
				p.present.Add(workers)
				for range workers {
					go p.work()
				}
				return p
			},
		},
		{
			Name: "accepts-late", Twin: "semaphore", Flaw: "runs tasks that are submitted after Close",
			New: func(workers, _ int) Pool { return &acceptsLate{NewSemaphore(workers)} },
		},
		{
			Name: "keeps-permit", Twin: "semaphore", Flaw: "a task that panics keeps its permit, so that fewer tasks run at once",
			New: func(workers, _ int) Pool { return &keepsPermit{NewSemaphore(workers)} },
		},
		{
			Name: "purge-race", Twin: "elastic", Flaw: "an idle worker ends although it has just been given a task",
			New: func(workers, queue int) Pool { p := new(purgeRace); p.init(workers, queue, keep); return p },
		},
		{
			Name: "own-queue-only", Twin: "sharded", Flaw: "a task waits behind a long one while other workers are idle",
			New: func(workers, _ int) Pool {
				p := new(ownQueueOnly)
				p.init(workers)
				for worker := range workers {
					p.start(worker, func() { p.serve(func() func() { return p.find(worker) }) })
				}
				return p
			},
		},
	}
}

// atomicBugs are those of pools without locks.
func atomicBugs() []impls.Bug[New] {
	return []impls.Bug[New]{
		{
			Name: "overwrites", Twin: "ring", Flaw: "a full ring overwrites its oldest task",
			New: func(workers, queue int) Pool {
				p := new(overwrites)
				p.init(queue)
				p.startAll(workers, func() { p.serve(p.find) })
				return p
			},
		},
		{
			Name: "wakes-no-submitter", Twin: "ring", Flaw: "a Submit that waits for room is not woken when there is some",
			New: func(workers, queue int) Pool {
				p := new(wakesNoSubmitter)
				p.init(queue)
				p.startAll(workers, func() { p.serve(p.find) })
				return p
			},
		},
		{
			Name: "wakes-no-next", Twin: "batched", Flaw: "a worker that stops searching leaves other tasks without a worker",
			New: func(workers, _ int) Pool {
				p := new(wakesNoNext)
				p.init()
				p.more = p.hasMore
				p.startAll(workers, func() { p.serve(p.find) })
				return p
			},
		},
		{
			Name: "steals-twice", Twin: "stealing", Flaw: "a thief takes a task that another worker takes, too",
			New: func(workers, _ int) Pool {
				p := new(stealsTwice)
				p.init(workers)
				for worker := range workers {
					p.start(worker, func() { p.serve(func() func() { return p.find(worker) }) })
				}
				return p
			},
		},
	}
}

// BrokenThreads returns the seeded bugs of thread pools.
func BrokenThreads() []impls.Impl[New] {
	return impls.Seed(
		ThreadPools(),
		impls.Bug[New]{
			Name: "churns", Twin: "locked-channel", Flaw: "a worker ends after its task, and its thread with it",
			New: func(workers, queue int) Pool {
				p := new(churns)
				p.init(queue)
				p.enter = onThread
				p.startAll(workers, p.serve)
				return p
			},
		},
		impls.Bug[New]{
			Name: "unlocked", Twin: "locked-channel", Flaw: "the workers change their threads",
			New: func(workers, queue int) Pool {
				p := new(unlocked)
				p.init(queue)
				p.enter = p.lock
				p.startAll(workers, p.serve)
				return p
			},
		},
		impls.Bug[New]{
			Name: "waits-once", Twin: "locked-cond", Flaw: "a worker ends if another one takes the task of its wake-up",
			New: func(workers, queue int) Pool {
				p := new(waitsOnce)
				p.init(workers, queue)
				p.enter = onThread
				p.serveWith(workers, p.next)
				return p
			},
		},
		impls.Bug[New]{
			Name: "posts-first", Twin: "futex", Flaw: "wakes a worker before the task is queued",
			New: func(workers, queue int) Pool { p := new(postsFirst); p.init(workers, queue, newFutex); return p },
		},
		impls.Bug[New]{
			Name: "posts-if-empty", Twin: "eventfd", Flaw: "of two tasks that come at once, the second wakes no worker",
			New: func(workers, queue int) Pool { p := new(postsIfEmpty); p.init(workers, queue, newEventfd); return p },
		},
		impls.Bug[New]{
			Name: "leaks-mask", Twin: "pinned", Flaw: "a thread stays bound to a processor after Close",
			New: func(workers, queue int) Pool { p := new(leaksMask); p.init(workers, queue, p.leave); return p },
		},
	)
}
