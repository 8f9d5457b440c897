package cas

import "sync/atomic"

// MCAS claims its words in ascending order, each for a descriptor of the whole operation, then decides it in one word, and then
// puts values back. Whoever meets a descriptor helps it to its end, so nobody waits. A claim must not come after the decision, or a
// slow helper would do the operation twice; so it is a swap of one word under the condition that another one, the status, is
// undecided (RDCSS).
//
// Source: Harris, Fraser and Pratt, A Practical Multi-Word Compare-and-Swap Operation, DISC 2002.
// Progress: lock-free. Space: a pointer a word and a box for its value; for each operation a descriptor, and a smaller one for each
// claim. The collector frees them, and rules out that a word's pointer comes back while somebody compares with it.
// Ordering: sequentially consistent. An operation takes effect when its status is decided.
// Wins: many words, few conflicts, and holders that are preempted, which stop nobody. Loses: everything else; two words cost seven
// swaps and four allocations.
//
// NewMCAS makes it; it must not be copied.
type MCAS struct{ words []atomic.Pointer[content] }

// A content is what a word holds: a value, or a descriptor that stands for it.
type content struct {
	value uint64
	whole *operation // has claimed the word
	claim *claim     // is about to claim it
}

// An operation is decided once and then stays.
type operation struct {
	status atomic.Uint32
	parts  []part
	self   content
}

type part struct {
	word     *atomic.Pointer[content]
	old, new content // what it must hold, and what it is to hold
}

const (
	undecided = iota
	succeeded
	failed
)

// NewMCAS makes a row of words.
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

// Load returns a word's value, when the operation that has it is over.
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
func (m *MCAS) CompareAndSwap(swaps []Swap) bool { return m.begin(swaps).run() }

func (m *MCAS) begin(swaps []Swap) *operation {
	o := &operation{parts: make([]part, len(swaps))}
	o.self.whole = o
	for i, s := range swaps {
		o.parts[i] = part{&m.words[s.Place], content{value: s.Old}, content{value: s.New}}
	}
	return o
}

// run brings the operation to its end, whoever calls it and however often.
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

// claimed claims one word, and reports false if its value is another one. When the operation is decided, what it reports does not count.
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

// settle puts a value where the descriptor still stands.
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

// A claim stands in a word from the look at its value to the look at the status.
type claim struct {
	whole *operation
	word  *atomic.Pointer[content]
	was   *content
	self  content
}

// conditionally puts the operation into a word that has the old value, if the status is undecided then. It returns what the word held.
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

// complete takes the claim out of its word, whoever calls it.
func (c *claim) complete() {
	next := c.was
	if c.whole.status.Load() == undecided {
		next = &c.whole.self
	}
	c.word.CompareAndSwap(&c.self, next)
}
