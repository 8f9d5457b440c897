package stack

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
)

// liar is a stack that makes promises which it does not keep.
func liar(create stacks.New[uint64], promises ...impls.Promise) harness.Suite {
	return Suite(impls.New("liar", impls.Mutex, "here", create, promises...))
}

// A wrong stack handles a pushed value in another way than it should.
type wrong struct {
	mu     sync.Mutex
	values []uint64
	pushes int
	push   func(values []uint64, value uint64, pushes int) []uint64
}

func (s *wrong) Push(value uint64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pushes++
	s.values = s.push(s.values, value, s.pushes)
	return true
}

func (s *wrong) Pop() (value uint64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(s.values) - 1
	if last < 0 {
		return 0, false
	}
	value, s.values = s.values[last], s.values[:last]
	return value, true
}

// seldom is how many pushes there are to a wrong one.
const seldom = 500

func right(values []uint64, value uint64, _ int) []uint64 { return append(values, value) }

func atEnd(values []uint64, value uint64, _ int) []uint64 { return append([]uint64{value}, values...) }

func loses(values []uint64, value uint64, pushes int) []uint64 {
	if pushes%seldom == 0 {
		return values
	}
	return append(values, value)
}

func doubles(values []uint64, value uint64, pushes int) []uint64 {
	if pushes%seldom == 0 {
		values = append(values, value)
	}
	return append(values, value)
}

func exchanges(values []uint64, value uint64, pushes int) []uint64 {
	if pushes%seldom == 0 {
		value++
	}
	return append(values, value)
}

func TestChecksSee(t *testing.T) {
	for _, c := range []struct {
		load, complaint string
		push            func([]uint64, uint64, int) []uint64
		promises        []impls.Promise
	}{
		{"pairs", ", window", loses, nil},
		{"pairs", "are left", doubles, nil},
		{"pairs", "other values", exchanges, nil},
		{"roles", "were popped", loses, nil},
		{"roles", "were popped", doubles, nil},
		{"roles", "other values", exchanges, nil},
		{"pool", "are left", loses, nil},
		{"pool", "two workers at once", doubles, nil},
		{"pool", ", window", exchanges, nil},
		{"history", "not linearizable", atEnd, []impls.Promise{impls.Linearizable}},
		{"tight-history", "not linearizable", atEnd, nil},
		{"tight-history", "not linearizable", right, []impls.Promise{impls.Bounded}},
		{"model", "came out in place of", atEnd, nil},
		{"model", "it held", loses, nil},
		{"model", "it took", right, []impls.Promise{impls.Bounded}},
		{"lives", "", doubles, nil},
		{"lives", "", loses, nil},
		{"unbounded", "", doubles, []impls.Promise{impls.Unbounded}},
		{"unbounded", "never popped", loses, []impls.Promise{impls.Unbounded}},
		{"bounded", "with room for", right, []impls.Promise{impls.Bounded}},
		{"zero-value", "panicked", right, []impls.Promise{impls.ZeroValue}},
	} {
		t.Run(c.load+"/"+c.complaint, func(t *testing.T) {
			create := func(int) stacks.Stack[uint64] { return &wrong{push: c.push} }
			harness.Finds(t, liar(create, c.promises...), c.load, c.complaint)
		})
	}
}

// Each load that is there for one kind of bug finds it.
func TestSeededBugsAreFoundByTheirLoad(t *testing.T) {
	for _, c := range []struct{ load, bug, complaint string }{
		{"model", "links-15bit", "it held"},
		{"bounded", "links-15bit", ""},
		{"model", "room-capped", "refused"},
		{"bounded", "room-capped", "with room for"},
		{"unbounded", "depth-16bit", ""},
		{"zero-value", "needs-constructor", "refused"},
		{"values", "nil-is-none", "nothing came out"},
	} {
		t.Run(c.load+"/"+c.bug, func(t *testing.T) { harness.Finds(t, only(All()[0], c.bug), c.load, c.complaint) })
	}
}

// A push that is refused may keep the room that it looked for.
func TestBoundedFindsRoomThatIsLost(t *testing.T) {
	create := func(room int) stacks.Stack[uint64] { return &leaky{room: int64(room)} }
	harness.Finds(t, liar(create, impls.Bounded), "bounded", "with room for")
}

// leaky takes room for each push, also if there is none.
type leaky struct {
	stacks.Treiber[uint64]
	room  int64
	taken atomic.Int64
}

func (s *leaky) Push(value uint64) bool {
	return s.taken.Load() < s.room && s.taken.Add(1) <= s.room && s.Treiber.Push(value)
}

func (s *leaky) Pop() (uint64, bool) {
	value, ok := s.Treiber.Pop()
	if ok {
		s.taken.Add(-1)
	}
	return value, ok
}

// A pop may take more than one value for a moment.
func TestPoolFindsAStackThatLooksEmpty(t *testing.T) {
	create := func(int) stacks.Stack[uint64] { return &greedy{wrong{push: right}} }
	harness.Finds(t, liar(create), "pool", "looked empty")
}

// greedy takes all values, and puts the rest back.
type greedy struct{ wrong }

func (s *greedy) Pop() (uint64, bool) {
	s.mu.Lock()
	values := s.values
	s.values = nil
	s.mu.Unlock()
	if len(values) == 0 {
		return 0, false
	}
	runtime.Gosched()
	last := len(values) - 1
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values = append(values[:last:last], s.values...)
	return values[last], true
}

// only is a suite with one of its implementations.
func only(s harness.Suite, name string) harness.Suite {
	card, _ := s.Card(name)
	s.Impls = []impls.Card{card}
	return s
}

// A bounded stack refuses values, which breaks a promise to be unbounded.
func TestHistoryFindsABound(t *testing.T) {
	create := func(room int) stacks.Stack[uint64] { return stacks.NewTagged[uint64](room) }
	harness.Finds(t, liar(create, impls.Linearizable, impls.Unbounded), "history", "not linearizable")
}

// A stack that promises nothing may hold more than its room, and may refuse at any time.
func TestNoPromiseIsNoLie(t *testing.T) {
	create := func(int) stacks.Stack[uint64] { return &wrong{push: right} }
	harness.Test(t, liar(create))
}

func TestLedgerSeesThatRoomIsLost(t *testing.T) {
	var books ledger
	s := stacks.NewTagged[uint64](4)
	if err := books.fill(s, 3); err != nil {
		t.Fatal(err)
	}
	if err := books.balance(s, 5); err == nil {
		t.Error("got no error about a stack with room for 4, want one: 5 should fit")
	}
}

// A window leaves its stack as it was, so that a later one can continue with it.
func TestLedgerLeavesTheStackEmpty(t *testing.T) {
	var books ledger
	s := stacks.NewTagged[uint64](4)
	if err := books.fill(s, 3); err != nil {
		t.Fatal(err)
	}
	if err := books.balance(s, 4); err != nil {
		t.Fatal(err)
	}
	if v, ok := s.Pop(); ok {
		t.Errorf("got Pop() = %d, true after the check, want an empty stack", v)
	}
}
