package multiword

import "sync/atomic"

// MCAS claims its words in ascending order for a descriptor of the whole operation. It
// then decides the operation in one word, the status, and replaces the descriptor by
// values. A goroutine that meets a descriptor helps to complete its operation, so none
// waits.
//
// A claim must not succeed after the decision, or a slow helper would do the operation
// twice. A claim is therefore a swap of one word on condition that another, the status,
// is undecided (RDCSS).
//
// Source: Harris, Fraser and Pratt, A Practical Multi-Word Compare-and-Swap Operation,
// DISC 2002.
// Progress: lock-free. Space: a pointer for each word and a box for its value. An
// operation allocates a descriptor, and a smaller one for each claim. The garbage
// collector frees them. It never reuses an address while a goroutine compares with it,
// which rules out ABA.
// Ordering: sequentially consistent. An operation takes effect when its status is
// decided.
// Wins: many words and few conflicts; a preempted goroutine stops no other. Loses:
// everywhere else; an operation on two words costs seven swaps and four allocations.
//
// NewMCAS makes it; it must not be copied.
type MCAS struct{ words []atomic.Pointer[content] }

// A content is what a word holds: a value, or a descriptor in place of the value.
type content struct {
	value uint64
	whole *operation // the operation that has claimed the word
	claim *claim     // the claim that is in progress
}

// An operation is the descriptor of a CompareAndSwap. It is decided once.
type operation struct {
	status atomic.Uint32
	parts  []part
	self   content
}

type part struct {
	word     *atomic.Pointer[content]
	old, new content // what the word must hold, and what it will hold
}

const (
	undecided = iota
	succeeded
	failed
)

// NewMCAS makes an array of words.
func NewMCAS(words int) *MCAS {
	m := new(MCAS)
	m.init(words)
	return m
}

func (m *MCAS) init(words int) {
	m.words = make([]atomic.Pointer[content], words)
	for i := range m.words {
		m.words[i].Store(new(content))
	}
}

// Load returns a word. It first completes an operation that has claimed the word.
func (m *MCAS) Load(place int) uint64 {
	for {
		now := m.words[place].Load()
		switch {
		case now.claim != nil:
			now.claim.complete()
		case now.whole != nil:
			now.whole.run()
		default:
			return now.value
		}
	}
}

// CompareAndSwap makes the swaps at once, or none.
func (m *MCAS) CompareAndSwap(swaps []Swap) bool { return m.start(swaps).run() }

func (m *MCAS) start(swaps []Swap) *operation {
	o := &operation{parts: make([]part, len(swaps))}
	o.self.whole = o
	for i, s := range swaps {
		o.parts[i] = part{&m.words[s.Place], content{value: s.Old}, content{value: s.New}}
	}
	return o
}

// run completes the operation. Any goroutine can call it, any number of times.
func (o *operation) run() bool {
	if o.status.Load() == undecided {
		o.status.CompareAndSwap(undecided, o.claim())
	}
	return o.settle(o.status.Load())
}

// claim claims all words, and returns what the status should become.
func (o *operation) claim() uint32 {
	for i := range o.parts {
		if !o.claimed(&o.parts[i]) {
			return failed
		}
	}
	return succeeded
}

// claimed claims one word, and reports false if it has another value. Once the operation
// is decided, the result does not matter.
func (o *operation) claimed(p *part) bool {
	for {
		now := o.conditionally(p)
		switch {
		case now.whole == o:
			return true
		case now.whole != nil:
			now.whole.run()
		default:
			return now.value == p.old.value
		}
	}
}

// settle replaces the descriptor by a value in every word that still holds the
// descriptor.
func (o *operation) settle(status uint32) bool {
	for i := range o.parts {
		p := &o.parts[i]
		if status == succeeded {
			p.word.CompareAndSwap(&o.self, &p.new)
		} else {
			p.word.CompareAndSwap(&o.self, &p.old)
		}
	}
	return status == succeeded
}

// A claim occupies a word between the check of its value and the check of the status.
type claim struct {
	whole *operation
	word  *atomic.Pointer[content]
	was   *content
	self  content
}

// conditionally puts the operation into a word that has the old value, if the status is
// undecided at that time. It returns what the word held.
func (o *operation) conditionally(p *part) *content {
	c := &claim{whole: o, word: p.word}
	c.self.claim = c
	for {
		now := p.word.Load()
		switch {
		case now.claim != nil:
			now.claim.complete()
			continue
		case now.whole != nil || now.value != p.old.value:
			return now
		}
		c.was = now
		if p.word.CompareAndSwap(now, &c.self) {
			c.complete()
			return now
		}
	}
}

// complete removes the claim from its word. Any goroutine can call it.
func (c *claim) complete() {
	next := c.was
	if c.whole.status.Load() == undecided {
		next = &c.whole.self
	}
	c.word.CompareAndSwap(&c.self, next)
}
