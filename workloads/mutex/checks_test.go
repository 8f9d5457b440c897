package mutex

import (
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/results"
)

// stressed runs one workload of a lock for a while and returns what its checks said.
func stressed(t *testing.T, work string, i impls.Impl[locks.New]) error {
	t.Helper()
	rows := harness.Rows(Pattern(i))
	spec := harness.DefaultSpec(results.Cell{Contract: "mutex", Work: work, Impl: i.Name, Procs: 2})
	spec.Seed, spec.Stress, spec.Grace = 1, 2*time.Second, time.Second
	_, err := harness.Stress(t.Context(), rows, spec)
	return err
}

// A lock that serves nobody in order, and promises it.
func TestOrderFindsALockThatIsNotFIFO(t *testing.T) {
	liar := impls.Impl[locks.New]{
		Name: "liar", Kind: impls.Spin, Source: "here", Promises: []impls.Promise{impls.FIFO}, New: func() sync.Locker { return new(lifo) },
	}
	if err := stressed(t, "order", liar); err == nil || !strings.Contains(err.Error(), "first in, first out") {
		t.Errorf("%v", err)
	}
}

// lifo hands over to the waiter that came last.
type lifo struct {
	mu    sync.Mutex
	held  bool
	stack []chan struct{}
}

func (l *lifo) Lock() {
	l.mu.Lock()
	if !l.held {
		l.held = true
		l.mu.Unlock()
		return
	}
	wake := make(chan struct{})
	l.stack = append(l.stack, wake)
	l.mu.Unlock()
	<-wake
}

func (l *lifo) Unlock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	last := len(l.stack) - 1
	if last < 0 {
		l.held = false
		return
	}
	close(l.stack[last])
	l.stack = l.stack[:last]
}

func underRace() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// Every workload that takes any lock finds one that does not lock.
func TestEveryWorkloadFindsNoLock(t *testing.T) {
	if underRace() {
		t.Skip("the race detector finds it first, and fails the test")
	}
	none := impls.Impl[locks.New]{Name: "liar", Kind: impls.Spin, Source: "here", New: func() sync.Locker { return locks.None{} }}
	for _, work := range []string{"counter", "many", "hog", "outliers", "burst", "delegation"} {
		t.Run(work, func(t *testing.T) {
			if err := stressed(t, work, none); err == nil {
				t.Error("passed")
			}
		})
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

// A pace of 10 before the burst, 4 during it, 5 for three milliseconds after it and then 10 again.
func TestRecovery(t *testing.T) {
	var line timeline
	for ms := range 30 {
		n := 10
		switch {
		case ms >= 10 && ms < 20:
			n = 4
		case ms >= 20 && ms < 23:
			n = 5
		}
		for range n {
			line.note(time.Duration(ms) * time.Millisecond)
		}
	}
	got := recovery([]timeline{line}, 10*time.Millisecond, 20*time.Millisecond)
	if got["burst-ratio"] != 0.4 || got["hysteresis"] != 1 || got["recovery-ns"] != 3e6 {
		t.Errorf("%v", got)
	}
}
