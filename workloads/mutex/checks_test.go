package mutex

import (
	"errors"
	"os/exec"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/results"
	"github.com/contendbench/contend/workloads/load"
)

// liar is a lock that makes promises which it does not keep.
func liar(newLock locks.New, promises ...impls.Promise) harness.Suite {
	return Suite(impls.New("liar", impls.Spin, "here", newLock, promises...))
}

// A lock that serves waiters in reverse order, and promises FIFO.
func TestOrderFindsALockThatIsNotFIFO(t *testing.T) {
	harness.Finds(t, liar(func() sync.Locker { return new(jumbled) }, impls.FIFO), "order", "first in, first out")
}

// jumbled keeps the order of its first waiters only. Behind them, it serves the waiter that
// came last.
type jumbled struct {
	mu      sync.Mutex
	held    bool
	front   int // waiters whose order it keeps
	waiters []chan struct{}
}

func (l *jumbled) Lock() {
	l.mu.Lock()
	if !l.held {
		l.held = true
		l.mu.Unlock()
		return
	}
	wake := make(chan struct{})
	l.waiters = slices.Insert(l.waiters, min(l.front, len(l.waiters)), wake)
	l.mu.Unlock()
	<-wake
}

func (l *jumbled) Unlock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiters) == 0 {
		l.held = false
		return
	}
	close(l.waiters[0])
	l.waiters = l.waiters[1:]
}

// Two hundred hand-overs of 10 ms take longer than a window may make no progress. They are
// progress.
func TestALongLineMakesProgress(t *testing.T) {
	slow := liar(func() sync.Locker { return new(slow) }, impls.FIFO)
	spec := harness.DefaultSpec(results.Cell{Contract: slow.Contract, Work: "order", Impl: "liar", Procs: 2})
	spec.Cell.Params = []results.Param{{Key: "waiters", Value: "200"}}
	spec.Length, spec.Grace = time.Millisecond, time.Second
	_, err := harness.Execute(t.Context(), []harness.Suite{slow}, spec)
	if err != nil && !errors.Is(err, harness.ErrUnknown) {
		t.Error(err)
	}
}

// slow is a lock that hands over in order, and takes its time.
type slow struct{ load.Queue }

func (l *slow) Unlock() {
	time.Sleep(10 * time.Millisecond)
	l.Queue.Unlock()
}

// Every workload that takes any lock finds one that does not lock.
func TestEveryWorkloadFindsNoLock(t *testing.T) {
	implstest.RaceShowsFirst(t)
	none := liar(func() sync.Locker { return locks.None{} })
	for _, work := range []string{"counter", "many", "hog", "outliers", "burst", "delegation", "lives"} {
		t.Run(work, func(t *testing.T) { harness.Finds(t, none, work, "") })
	}
}

func TestAtRest(t *testing.T) {
	if err := atRest(new(sync.Mutex)); err != nil {
		t.Error(err)
	}
	held := new(sync.Mutex)
	held.Lock()
	if err := atRest(held); err == nil {
		t.Error("a lock that is held is at rest")
	}
	if err := atRest(always{}); err == nil {
		t.Error("a TryLock that always succeeds is right")
	}
}

type always struct{ locks.None }

func (always) TryLock() bool { return true }

func TestSectionSeesOverlap(t *testing.T) {
	s := new(section)
	if !s.enter() || !s.leave() || s.turns != 1 {
		t.Error("one visitor is an overlap")
	}
	s.enter()
	if s.enter() {
		t.Error("a second visitor is not seen on entry")
	}
	s = new(section)
	s.enter()
	s.enter()
	if s.leave() {
		t.Error("a second visitor is not seen on exit")
	}
}

func TestStructuresSeeDamage(t *testing.T) {
	l := newLRU(8)
	for k := range int32(100) {
		l.use(k % 11)
	}
	if err := l.check(); err != nil {
		t.Error(err)
	}
	delete(l.where, l.order.Front().Value.(int32))
	if l.check() == nil {
		t.Error("an LRU that lost a key is whole")
	}
	q := newQueue(8)
	for k := range int32(100) {
		q.use(k % 7)
	}
	if err := q.check(); err != nil {
		t.Error(err)
	}
	(*q)[0] = 1 << 40
	if q.check() == nil {
		t.Error("a heap out of order is whole")
	}
}

// A pace of 10 before the burst, 4 during it, 5 for three milliseconds after it and then
// 10 again.
func TestRecovery(t *testing.T) {
	line := &results.Timeline{BinMs: 1, Marks: []results.Mark{{Name: "burst", AtMs: 10}, {Name: "recovery", AtMs: 20}}}
	for ms := range 31 {
		n := 10
		switch {
		case ms >= 10 && ms < 20:
			n = 4
		case ms >= 20 && ms < 23:
			n = 5
		}
		line.Ops = append(line.Ops, n)
	}
	got := recoveryOf(line)
	for m, want := range map[harness.Metric]float64{burstRatio: 0.4, hysteresis: 1, recovery: 3e6} {
		if got[m] != want {
			t.Errorf("%s: got %v, want %v", m.Unit, got[m], want)
		}
	}
}

// A waiter that spins has used up its time slice when the machine is busy. That it is late
// then is no fault of its lock.
func TestWakeForgivesASpinnerOnABusyMachine(t *testing.T) {
	for range 3 * runtime.NumCPU() {
		busy := exec.Command("sh", "-c", "while :; do :; done")
		if err := busy.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			busy.Process.Kill()
			busy.Wait()
		}()
	}
	pure := Suite(locks.All()...)
	spec := harness.DefaultSpec(results.Cell{Contract: pure.Contract, Work: "wake", Impl: "ticket-pure", Procs: 2})
	spec.Seed, spec.Stress = 1, 5*time.Second
	got, err := harness.Stress(t.Context(), []harness.Suite{pure}, spec)
	if err != nil || got.Count == 0 {
		t.Errorf("got %d windows and %v, want windows and no error", got.Count, err)
	}
}
