package stack

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Tagged is Treiber's stack over slots that are reused. One list holds the slots of
// values. Several lists hold the free slots, and a call chooses one at random, so that a
// push and a pop meet only at the top. A list is a word with the index of its first slot
// and a tag that grows with every slot taken. Without the tag, a slot that was taken and
// came back would look unchanged (ABA). The slot once below it would then become the
// first, although another goroutine uses it by now.
//
// Source: Treiber 1986; IBM System/370 Extended Architecture, Principles of Operation,
// 1983, appendix A (free list with a count).
// Progress: lock-free. It is not linearizable: a Pop in progress has a slot that is not
// free yet, so with little room a Push can fail that no order of the calls explains.
// Space: all slots from the start.
// Ordering: sequentially consistent.
// Wins: it allocates nothing, so the garbage collector has nothing to do.
// Loses: four compare-and-swaps for a push and a pop, and a bound. A tag repeats after
// 2^40 slots taken, which takes hours.
//
// Create it with NewTagged. It must not be copied.
type Tagged[T any] struct {
	top   list
	free  [freeLists]list
	step  uint64    // by which tags grow
	slots []slot[T] // from 1; index 0 ends a list
}

// A list is a tag in the high bits and the index of the first slot in the low ones.
type list struct {
	word atomic.Uint64
	_    [cpu.Line - 8]byte
}

type slot[T any] struct {
	below atomic.Uint64 // an index; atomic, because a call reads it before it knows that it gets the slot
	value T             // only the call that has taken the slot uses it
}

const (
	freeLists = 4
	indexBits = 24
	indexMask = 1<<indexBits - 1
)

// NewTagged makes a stack with room for that many values, at most 2^24-1.
func NewTagged[T any](room int) *Tagged[T] {
	s := &Tagged[T]{}
	s.init(room, 1)
	return s
}

func (s *Tagged[T]) init(room int, step uint64) {
	if room < 0 || room > indexMask {
		panic(fmt.Sprintf("stack: room for %d values, want 0 to %d", room, indexMask))
	}
	s.step = step
	s.slots = make([]slot[T], room+1)
	for i := range uint64(room) {
		s.put(&s.free[i%freeLists], i+1)
	}
}

// put makes a slot the first of a list.
func (s *Tagged[T]) put(l *list, index uint64) {
	for {
		word := l.word.Load()
		s.slots[index].below.Store(word & indexMask)
		if l.word.CompareAndSwap(word, word&^indexMask|index) {
			return
		}
	}
}

// take takes the first slot from a list, or returns index 0 and the word of the empty
// list.
func (s *Tagged[T]) take(l *list) (index, word uint64) {
	for {
		word = l.word.Load()
		index = word & indexMask
		if index == 0 {
			return 0, word
		}
		below := s.slots[index].below.Load()
		if l.word.CompareAndSwap(word, (word>>indexBits+s.step)<<indexBits|below) {
			return index, word
		}
	}
}

// release puts a slot into one of the free lists.
func (s *Tagged[T]) release(index uint64) { s.put(&s.free[rand.Uint32()%freeLists], index) }

// acquire takes a free slot. It returns 0 only if there was an instant at which no slot
// was free: two passes over the lists found each of them empty, and no tag grew between
// them.
func (s *Tagged[T]) acquire() uint64 {
	at := rand.Uint32()
	for before := ^uint64(0); ; {
		words := uint64(0)
		for i := range uint32(freeLists) {
			index, word := s.take(&s.free[(at+i)%freeLists])
			if index != 0 {
				return index
			}
			words += word
		}
		if words == before {
			return 0
		}
		before = words
	}
}

// Push puts value on top, or returns false if no slot is free.
func (s *Tagged[T]) Push(value T) bool {
	index := s.acquire()
	if index == 0 {
		return false
	}
	s.slots[index].value = value
	s.put(&s.top, index)
	return true
}

// Pop removes the top value.
func (s *Tagged[T]) Pop() (value T, ok bool) {
	index, _ := s.take(&s.top)
	if index == 0 {
		return value, false
	}
	value, s.slots[index].value = s.slots[index].value, value // otherwise the slot would keep what was popped
	s.release(index)
	return value, true
}
