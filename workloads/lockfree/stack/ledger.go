package stack

import (
	"fmt"
	"sync"

	stacks "github.com/contendbench/contend/impls/lockfree/stack"
)

// firstOf is the first value of a worker, who counts up from it: the worker stands in the high bits.
func firstOf(worker int) uint64 { return uint64(worker+1) << 32 }

// A tally stands for a multiset of values: two that differ by a value lost, or come twice, or invented, differ in the tally.
type tally struct{ count, sum, squares uint64 }

func (y *tally) add(value uint64) {
	y.count++
	y.sum += value
	y.squares += value * value
}

func (y *tally) join(z tally) {
	y.count += z.count
	y.sum += z.sum
	y.squares += z.squares
}

// A ledger holds what went into a stack and what came out.
type ledger struct {
	mu      sync.Mutex
	in, out tally
}

// enter adds what a worker has pushed and popped.
func (l *ledger) enter(in, out tally) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.in.join(in)
	l.out.join(out)
}

func (l *ledger) pushed() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.in.count
}

// balance pops what is left, compares what came out with what went in, and checks that there is room for so many values again.
func (l *ledger) balance(s stacks.Stack[uint64], room int) error {
	out := l.out
	for out.count <= l.in.count { // a broken list may have no end
		value, ok := s.Pop()
		if !ok {
			break
		}
		out.add(value)
	}
	if out.count != l.in.count {
		return fmt.Errorf("%d values were popped and %d are left, of %d that were pushed", l.out.count, out.count-l.out.count, l.in.count)
	}
	if out != l.in {
		return fmt.Errorf("other values came out than went in: the sum of %d is %#x, want %#x", l.in.count, out.sum, l.in.sum)
	}
	for used := range room {
		if !s.Push(0) {
			return fmt.Errorf("the empty stack has room for %d values, want %d", used, room)
		}
	}
	return nil
}
