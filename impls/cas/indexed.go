package cas

import (
	"math/rand/v2"
	"runtime"
	"sync/atomic"

	"github.com/contendbench/contend/impls"
)

// Indexed keeps records in slots that are used again, and in one word the index of the slot that counts, with a tag that
// grows with each change. Without the tag a slot that was given back and came again with another record would pass for
// unchanged (ABA), which no garbage collector prevents here.
//
// Source: IBM System/370 Extended Architecture, Principles of Operation, 1983, appendix A (tag); Michael 2004, §2.
// Progress: lock-free, as long as slots are free. Space: slots records. Ordering: sequentially consistent.
// Wins: no allocation, and a record of several words. Loses: records are copied word by word, twice for an update.
//
// NewIndexed makes it; it must not be copied.
type Indexed struct {
	current atomic.Uint64 // tag above, index below
	_       [cacheLine - 8]byte
	step    uint64 // of the tag
	slots   []slot
}

type slot struct {
	words [4]atomic.Uint64
	busy  atomic.Bool
	_     [cacheLine - 36]byte
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
	c.slots = make([]slot, 2*impls.Places())
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

// look returns the record and the word that it was whole under.
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
	for tries := 1; ; tries++ {
		i := uint64(rand.Uint32()) % uint64(len(c.slots))
		if s := &c.slots[i]; !s.busy.Load() && s.busy.CompareAndSwap(false, true) {
			return i
		}
		if tries%len(c.slots) == 0 {
			runtime.Gosched()
		}
	}
}

// replace makes record the value if word still counts.
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
