package rwlock

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// A company is readers that meet inside a lock, and leave when they are told to.
type company struct {
	size                  int64
	started, inside, left atomic.Int64
	leave                 chan struct{}
	group                 sync.WaitGroup
	stale                 atomic.Bool
}

// gather starts n readers. Each must find the note as a writer has left it.
func gather(lock locks.RWLocker, n int, shared *note, want *note) *company {
	c := &company{size: int64(n), leave: make(chan struct{})}
	for range n {
		c.group.Go(func() {
			c.started.Add(1)
			token := lock.RLock()
			if *shared != *want {
				c.stale.Store(true)
			}
			c.inside.Add(1)
			<-c.leave
			lock.RUnlock(token)
			c.left.Add(1)
		})
	}
	return c
}

// await waits until a count has reached n. If it never does, the watchdog sees it.
func await(count *atomic.Int64, n int64) {
	for count.Load() < n {
		load.Gap()
	}
}

// send lets n readers leave, and returns when they have left.
func (c *company) send(n int64) {
	left := c.left.Load()
	for range n {
		c.leave <- struct{}{}
	}
	await(&c.left, left+n)
}

// end lets the last reader leave.
func (c *company) end() error {
	c.leave <- struct{}{}
	c.group.Wait()
	if c.stale.Load() {
		return errors.New("a reader did not see what the writer before it wrote")
	}
	return nil
}

// companies has many readers inside together, and a writer that must wait for the last of
// them.
var companies = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "company", Turn: "round", About: "many readers are inside together, and a writer waits for the last of them",
		Params: []harness.AnyParam{readers, tokens},
		Needs:  []impls.Promise{locks.SharedReaders}, Probes: []impls.Promise{locks.SharedReaders},
		Lasting: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(readers, 2, 1200)),
			harness.Over(readers.In(2), tokens.In(300, 5000, 70_000)), // more than 8, 12 or 16 bits can count
		}},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		lock, n, more := newLock(), readers.Of(t), tokens.Of(t)
		return load.Rounds(t, func(rng *rand.Rand) error { return waitForLast(rng, lock, n, more) })
	},
}

// waitForLast plays one round, with more readers inside until the writer waits.
func waitForLast(rng *rand.Rand, lock locks.RWLocker, n, more int) error {
	var shared, want note
	c := gather(lock, n, &shared, &want)
	await(&c.inside, c.size)
	others := readAll(lock, more)
	var entered atomic.Bool
	done := make(chan struct{})
	go func() {
		lock.Lock()
		entered.Store(true)
		shared.write(nothing)
		lock.Unlock()
		close(done)
	}()
	load.Pause(rng, time.Millisecond)
	if entered.Load() {
		return fmt.Errorf("a writer was inside beside %d readers", n+more)
	}
	for i, token := range others {
		if looksFree(n + more - i) {
			load.Gap()
		}
		lock.RUnlock(token)
	}
	if entered.Load() {
		return fmt.Errorf("a writer was inside beside %d readers, while %d others left", n, more)
	}
	c.send(c.size - 1)
	load.Pause(rng, 100*time.Microsecond)
	if entered.Load() {
		return fmt.Errorf("a writer was inside beside the last of %d readers", n)
	}
	err := c.end()
	<-done
	return err
}

// looksFree reports whether a count of fewer bits takes n for none.
func looksFree(n int) bool { return n&(n-1) == 0 }

// wakeAll has many readers wait for a writer. Once inside, each waits until all are: a
// lock that wakes only some of them leaves the others for the next writer, and here there
// is none.
var wakeAll = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "wake-all", Turn: "round", About: "readers wait for a writer, and must all get in when it leaves",
		Params: []harness.AnyParam{readers},
		Needs:  []impls.Promise{locks.SharedReaders}, Probes: []impls.Promise{locks.SharedReaders},
		Lasting: true,
		Points:  harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(readers, 2, 1200))}},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		lock, n := newLock(), readers.Of(t)
		return load.Rounds(t, func(rng *rand.Rand) error { return letAllIn(rng, lock, n) })
	},
}

// letAllIn plays one round.
func letAllIn(rng *rand.Rand, lock locks.RWLocker, n int) error {
	var shared, want note
	lock.Lock()
	want = note{1, 1} // before the readers start; what is shared is written after that
	c := gather(lock, n, &shared, &want)
	await(&c.started, c.size)
	load.Pause(rng, time.Millisecond)
	if c.inside.Load() > 0 {
		return fmt.Errorf("some of %d readers were inside beside a writer", n)
	}
	shared.write(nothing)
	lock.Unlock()
	await(&c.inside, c.size)
	c.send(c.size - 1)
	return c.end()
}
