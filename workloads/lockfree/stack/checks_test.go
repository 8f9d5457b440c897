package stack

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/results"
)

// stressed runs one workload of a stack for a while and returns what its checks said.
func stressed(t *testing.T, work string, create stacks.New[uint64], promises ...impls.Promise) error {
	t.Helper()
	rows := harness.Rows(Pattern(impls.Impl[stacks.New[uint64]]{Name: "liar", Kind: impls.Mutex, Source: "here", Promises: promises, New: create}))
	spec := harness.DefaultSpec(results.Cell{Contract: "lockfree/stack", Work: work, Impl: "liar", Procs: 2})
	spec.Seed, spec.Stress, spec.Grace = 1, 5*time.Second, 5*time.Second
	_, err := harness.Stress(t.Context(), rows, spec)
	return err
}

// A wrong stack does something else with a value than it should.
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

// seldom is how many pushes go well before one goes wrong.
const seldom = 500

func TestChecksSee(t *testing.T) {
	atEnd := func(values []uint64, value uint64, _ int) []uint64 { return append([]uint64{value}, values...) }
	loses := func(values []uint64, value uint64, pushes int) []uint64 {
		if pushes%seldom == 0 {
			return values
		}
		return append(values, value)
	}
	doubles := func(values []uint64, value uint64, pushes int) []uint64 {
		if pushes%seldom == 0 {
			values = append(values, value)
		}
		return append(values, value)
	}
	exchanges := func(values []uint64, value uint64, pushes int) []uint64 {
		if pushes%seldom == 0 {
			value++
		}
		return append(values, value)
	}
	for _, c := range []struct {
		work, complaint string
		push            func([]uint64, uint64, int) []uint64
		promises        []impls.Promise
	}{
		{"pairs", "", loses, nil},
		{"pairs", "are left", doubles, nil},
		{"pairs", "other values", exchanges, nil},
		{"roles", "were popped", loses, nil},
		{"roles", "were popped", doubles, nil},
		{"roles", "other values", exchanges, nil},
		{"pool", "are left", loses, nil},
		{"pool", "two at once", doubles, nil},
		{"pool", "", exchanges, nil},
		{"history", "not linearizable", atEnd, []impls.Promise{impls.Linearizable}},
		{"tight-history", "not linearizable", atEnd, nil},
	} {
		t.Run(c.work+"/"+c.complaint, func(t *testing.T) {
			create := func(int) stacks.Stack[uint64] { return &wrong{push: c.push} }
			if err := stressed(t, c.work, create, c.promises...); err == nil || !strings.Contains(err.Error(), c.complaint) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestLedgerSeesThatRoomIsLost(t *testing.T) {
	var books ledger
	s := stacks.NewTagged[uint64](4)
	if err := fill(s, &books, 3); err != nil {
		t.Fatal(err)
	}
	if err := books.balance(s, 5); err == nil {
		t.Error("a stack with room for 4 has room for 5")
	}
}
