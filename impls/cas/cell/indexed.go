package cell

import (
	"math/rand/v2"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Indexed keeps records in slots that are reused. One word holds the index of the current
// slot, and a tag that grows with each change. Without the tag, a slot that was freed and
// reused for another record would pass for unchanged (ABA). The garbage collector cannot
// prevent that here.
//
// Source: IBM System/370 Extended Architecture, Principles of Operation, 1983, appendix A
// (tag); Michael 2004, §2.
// Progress: lock-free, as long as slots are free. Space: eight slots for each processor,
// a line each.
// Ordering: sequentially consistent.
// Wins: it holds several words and does not allocate. Loses: it copies records word by
// word, twice for an update.
//
// NewIndexed makes it; it must not be copied.
type Indexed struct {
	current atomic.Uint64 // the tag above the index
	_       [cpu.Line - 8]byte
	step    uint64 // by which the tag grows
	slots   []slot
}

type slot struct {
	words [4]atomic.Uint64
	busy  atomic.Bool
	_     [cpu.Line - 36]byte
}

const indexBits = 16

// NewIndexed makes a cell.
func NewIndexed(initial Record) *Indexed {
	c := &Indexed{}
	c.init(initial, 1)
	return c
}

func (c *Indexed) init(initial Record, step uint64) {
	c.step = step
	c.slots = make([]slot, 2*cpu.Places())
	c.slots[0].busy.Store(true)
	c.slots[0].put(initial)
}

func (s *slot) put(r Record) {
	for i := range s.words {
		s.words[i].Store(r[i])
	}
}

func (s *slot) get() (r Record) {
	for i := range s.words {
		r[i] = s.words[i].Load()
	}
	return r
}

func (c *Indexed) slot(word uint64) *slot { return &c.slots[word%(1<<indexBits)] }

// look returns a consistent record, and the word that was current while it was read.
func (c *Indexed) look() (Record, uint64) {
	for {
		word := c.current.Load()
		record := c.slot(word).get()
		if c.current.Load() == word {
			return record, word
		}
	}
}

// take returns a free slot.
func (c *Indexed) take() uint64 {
	var wait cpu.Spinner
	for {
		i := uint64(rand.Uint32()) % uint64(len(c.slots))
		if s := &c.slots[i]; !s.busy.Load() && s.busy.CompareAndSwap(false, true) {
			return i
		}
		wait.Turn()
	}
}

// replace makes record the value if word is still current.
func (c *Indexed) replace(word uint64, record Record) bool {
	index := c.take()
	c.slots[index].put(record)
	tag := word>>indexBits + c.step
	if !c.current.CompareAndSwap(word, tag<<indexBits|index) {
		c.slots[index].busy.Store(false)
		return false
	}
	c.slot(word).busy.Store(false)
	return true
}

// Load returns the value.
func (c *Indexed) Load() Record {
	record, _ := c.look()
	return record
}

// CompareAndSwap replaces old by new.
func (c *Indexed) CompareAndSwap(old, new Record) bool {
	for {
		record, word := c.look()
		if record != old {
			return false
		}
		if c.replace(word, new) {
			return true
		}
	}
}

// Update replaces the value.
func (c *Indexed) Update(next func(Record) Record) Record {
	for {
		record, word := c.look()
		record = next(record)
		if c.replace(word, record) {
			return record
		}
	}
}
