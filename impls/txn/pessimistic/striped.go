package pessimistic

import (
	"context"
	"iter"
	"math/bits"
	"sync"

	"github.com/contendbench/contend/impls/cpu"
	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/index"
)

// striped is values whose keys are spread over a fixed number of locks. A lock stands for
// all keys of its stripe, with and without a value, so there are no phantoms.
type striped struct {
	index *index.Index[cell]
	locks []stripe
	bits  int // 2^bits is the number of locks
}

type stripe struct {
	sync.RWMutex
	_ [cpu.Line]byte
}

// cell has the value of a key. It belongs to the lock of the key.
type cell struct{ value []byte }

func newStriped(bits int) *striped {
	return &striped{index: index.New[cell](), locks: make([]stripe, 1<<bits), bits: bits}
}

// stripeOf returns the stripe of a key. The keys of a block, as many as there are stripes,
// have one stripe each. The blocks start at different stripes, because keys are
// often numbers in the low bits below the number of a table in the high ones.
func (s *striped) stripeOf(key uint64) int {
	const odd = 0x9e3779b97f4a7c15 // 2⁶⁴ divided by the golden ratio
	turned := key + (key>>s.bits)*odd>>32
	return int(turned & (1<<s.bits - 1))
}

// stripesOf returns the stripes of the keys from first to last.
func (s *striped) stripesOf(first, last uint64) (set stripes) {
	n := last - first // one less than the keys
	if n >= uint64(len(s.locks)) {
		n = uint64(len(s.locks)) - 1
		first = 0 // a block has all stripes
	}
	for i := range n + 1 {
		set.add(s.stripeOf(first + i))
	}
	return set
}

// set gives a key a value, or none. It returns the old one.
func (s *striped) set(key uint64, value []byte) (old []byte) {
	if value == nil {
		if c := s.index.Get(key); c != nil {
			s.index.Remove(key, c)
			return c.value
		}
		return nil
	}
	c, _ := s.index.GetOrInsert(key, func() *cell { return new(cell) })
	old, c.value = c.value, value
	return old
}

func (s *striped) get(key uint64) []byte {
	if c := s.index.Get(key); c != nil {
		return c.value
	}
	return nil
}

// scan visits the values from first to last.
func (s *striped) scan(first, last uint64, visit func(key uint64, value []byte) bool) {
	var batch [mostAtOnce]index.Entry[cell]
	for first <= last {
		entries := s.index.Range(batch[:0], first, last, mostAtOnce)
		for _, e := range entries {
			if !visit(e.Key, e.Record.value) || e.Key == last {
				return
			}
			first = e.Key + 1
		}
		if len(entries) < mostAtOnce {
			return
		}
	}
}

// mostBits bounds the bits of a store.
const mostBits = 10

// stripes is a set of stripes.
type stripes [1 << mostBits / 64]uint64

func (s *stripes) add(i int) { s[i/64] |= 1 << (i % 64) }

func (s *stripes) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

func (s *stripes) addAll(t *stripes) {
	for i := range s {
		s[i] |= t[i]
	}
}

// all visits the set in ascending order.
func (s *stripes) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for word, w := range s {
			for ; w != 0; w &= w - 1 {
				if !yield(word*64 + bits.TrailingZeros64(w)) {
					return
				}
			}
		}
	}
}

// last returns the greatest one, -1 if there is none.
func (s *stripes) last() int {
	for word := len(s) - 1; word >= 0; word-- {
		if s[word] != 0 {
			return word*64 + bits.Len64(s[word]) - 1
		}
	}
	return -1
}

// plan is stripes by how they are locked. A stripe may be in both sets: it is exclusive.
type plan struct{ shared, exclusive stripes }

func (p *plan) add(stripe int, m mode) {
	if m == exclusive {
		p.exclusive.add(stripe)
	} else {
		p.shared.add(stripe)
	}
}

// all returns the stripes that are locked in either mode.
func (p *plan) all() stripes {
	all := p.shared
	all.addAll(&p.exclusive)
	return all
}

// lock locks all stripes of a plan in ascending order. All transactions keep that order
// when they wait, so none waits for another in a cycle.
func (s *striped) lock(p *plan) {
	all := p.all()
	for i := range all.all() {
		if p.exclusive.has(i) {
			s.locks[i].Lock()
		} else {
			s.locks[i].RLock()
		}
	}
}

func (s *striped) unlock(p *plan) {
	all := p.all()
	for i := range all.all() {
		if p.exclusive.has(i) {
			s.locks[i].Unlock()
		} else {
			s.locks[i].RUnlock()
		}
	}
}

// attempt locks what tx plans and runs body.
func (s *striped) attempt(ctx context.Context, tx *stripedTx, body func(txn.Tx) error) error {
	tx.held = *tx.plan
	s.lock(&tx.held)
	committed := false
	defer func() { // also if body panics
		tx.End()
		if !committed {
			tx.rollBack()
		}
		s.unlock(&tx.held)
	}()
	err := body(tx)
	switch {
	case tx.err != nil:
		return tx.err
	case err != nil:
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	}
	committed = true
	return nil
}

// Close has nothing to free.
func (s *striped) Close() error { return nil }
