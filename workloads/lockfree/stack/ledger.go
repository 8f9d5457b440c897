package stack

import (
	"fmt"
	"sync"

	stacks "github.com/contendbench/contend/impls/lockfree/stack"
)

// firstOf is the first value of a worker, which counts up from it. The high bits are the
// worker's ID plus one.
func firstOf(worker int) uint64 { return uint64(worker+1) << 32 }

// A tally stands for a multiset of values. It changes if a value is lost, invented or
// comes twice.
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

// fill pushes values that no worker pushes.
func (l *ledger) fill(s stacks.Stack[uint64], count int) error {
	var in tally
	for value := range uint64(count) {
		if !s.Push(value) {
			return errFull
		}
		in.add(value)
	}
	l.enter(in, tally{})
	return nil
}

// balance pops what is left and compares what came out with what went in. Then it checks
// that all room is free again, and leaves the stack empty.
func (l *ledger) balance(s stacks.Stack[uint64], room int) error {
	out := l.out
	for out.count <= l.in.count { // a broken list may be endless
		value, ok := s.Pop()
		if !ok {
			break
		}
		out.add(value)
	}
	if out.count != l.in.count {
		return fmt.Errorf("%d values were popped and %d are left, of %d that were pushed",
			l.out.count, out.count-l.out.count, l.in.count)
	}
	if out != l.in {
		return fmt.Errorf("other values came out than went in: the sum of %d is %#x, want %#x",
			l.in.count, out.sum, l.in.sum)
	}
	for used := range room {
		if !s.Push(0) {
			return fmt.Errorf("the empty stack has room for %d values, want %d", used, room)
		}
	}
	for left := room; left > 0; left-- {
		if value, ok := s.Pop(); !ok || value != 0 {
			return fmt.Errorf("a Pop from a stack of %d zeros returned %#x, %t", left, value, ok)
		}
	}
	return nil
}
