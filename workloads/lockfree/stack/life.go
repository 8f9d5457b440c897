package stack

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
)

// A life is that of one stack. A value is the index of a note, which is plain data: the
// goroutine that pushes it writes it before, and the one that pops it reads it after.
type life struct {
	stack  stacks.Stack[uint64]
	notes  []note
	failed atomic.Bool
	report func(error)
}

type note struct {
	value uint64
	taken bool
}

// fresh makes a stack, and says how many notes its life has.
type fresh func(*rand.Rand) (s stacks.Stack[uint64], notes int)

// eachLife plays lives of fresh stacks.
func eachLife(t *harness.Trial, fresh fresh, body func(*life)) error {
	return t.Window(func(w *harness.Window) error {
		w.Go("life", 1, func(w *harness.Worker) {
			for w.Next() {
				s, notes := fresh(w.Rand())
				l := &life{stack: s, notes: make([]note, notes), report: w.Fail}
				body(l)
				l.empty()
				if l.failed.Load() {
					return
				}
			}
		})
		return nil
	})
}

func (l *life) fail(err error) {
	l.failed.Store(true)
	l.report(err)
}

// caught fails the life if a call panicked.
func (l *life) caught() {
	if p := recover(); p != nil {
		l.fail(fmt.Errorf("panicked: %v\n%s", p, debug.Stack()))
	}
}

// crowd lets n goroutines do a part of a life, and returns when all have ended.
func (l *life) crowd(n int, do func(int)) {
	var group sync.WaitGroup
	for p := range n {
		group.Go(func() { defer l.caught(); do(p) })
	}
	group.Wait()
}

// push has room for every value, but that of a Pop in progress may not be free yet.
func (l *life) push(at int) {
	l.notes[at].value = uint64(at)
	var room load.Search
	for !l.stack.Push(uint64(at)) {
		if room.Lost() {
			l.fail(errFull)
		}
		if l.failed.Load() {
			return
		}
		runtime.Gosched()
	}
}

var (
	errGone  = errors.New("a value was pushed and never popped")
	errAgain = errors.New("a value was popped twice")
)

func (l *life) pops(values int) {
	for range values {
		var missing load.Search
		at, ok := l.stack.Pop()
		for ; !ok; at, ok = l.stack.Pop() {
			if missing.Lost() {
				l.fail(errGone)
			}
			if l.failed.Load() {
				return
			}
			runtime.Gosched()
		}
		l.take(at)
	}
}

// take checks a value that was popped.
func (l *life) take(at uint64) {
	switch {
	case at >= uint64(len(l.notes)) || l.notes[at].value != at:
		l.fail(fmt.Errorf("the value %#x was popped, and never pushed", at))
	case l.notes[at].taken:
		l.fail(errAgain)
	default:
		l.notes[at].taken = true
	}
}

// empty fails the life if the stack holds a value at its end.
func (l *life) empty() {
	if l.failed.Load() {
		return
	}
	if v, ok := l.stack.Pop(); ok {
		l.fail(fmt.Errorf("the value %#x was popped from a stack from which all had been popped", v))
	}
}
