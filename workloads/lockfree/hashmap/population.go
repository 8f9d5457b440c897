package hashmap

import (
	"github.com/contendbench/contend/impls/cpu"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
)

// A population is a map whose workers each write keys of their own. Half of the keys are
// residents, which stay, and are read and updated. The others come and go, the oldest
// first. So every change has an effect, and the map keeps its size. A trial builds its
// population once, because that may take longer than a window; windows continue where the
// last one stopped.
type population struct {
	m      table
	share  int // of each worker: its residents, and its keys in the map that come and go
	owners []owner
}

// An owner knows what the map must hold for the keys of one worker.
type owner struct {
	first   int      // number of its first resident
	last    []uint64 // for each resident, its value
	passing int      // number of the first key that comes and goes
	ring    []uint64 // for each such key, its last value
	oldest  int      // index in ring of the next key to go; the next to come is there places on
	there   int      // keys of the ring that are in the map
	version uint64
	_       [cpu.Line]byte // the next owner's state shares no line with this one's
}

func populate(create maps.New[uint64, uint64], size, workers int) *population {
	p := &population{m: create(), share: max(size/2/workers, 1), owners: make([]owner, workers)}
	for i := range p.owners {
		o := &p.owners[i]
		o.first, o.last = i*p.share, make([]uint64, p.share)
		o.passing, o.ring = (workers+2*i)*p.share, make([]uint64, 2*p.share)
		for k := range o.last {
			p.update(o, k)
		}
		for range p.share {
			p.insert(o)
		}
	}
	return p
}

// numbers is how many keys there may be: residents, and keys that come and go.
func (p *population) numbers() int { return 3 * len(p.owners) * p.share }

// number is the number of a resident by its rank. The workers' first residents come
// first.
func (p *population) number(rank int) int {
	return rank%len(p.owners)*p.share + rank/len(p.owners)
}

// update stores a new value of a resident.
func (p *population) update(o *owner, k int) {
	o.version++
	v := value(o.first+k, o.version)
	o.last[k] = v
	p.m.Store(key(o.first+k), v)
}

// insert stores the next key of the ring.
func (p *population) insert(o *owner) {
	o.version++
	at := (o.oldest + o.there) % len(o.ring)
	v := value(o.passing+at, o.version)
	o.ring[at] = v
	p.m.Store(key(o.passing+at), v)
	o.there++
}

// remove deletes the oldest key of the ring.
func (p *population) remove(o *owner) error {
	number, want := o.passing+o.oldest, o.ring[o.oldest]
	got, ok := p.m.LoadAndDelete(key(number))
	o.oldest = (o.oldest + 1) % len(o.ring)
	o.there--
	return same(number, got, ok, want)
}

// change inserts and removes in turn.
func (p *population) change(o *owner) error {
	if o.there > p.share {
		return p.remove(o)
	}
	p.insert(o)
	return nil
}

// read loads a resident of any owner.
func (p *population) read(o *owner, number int) error {
	got, ok := p.m.Load(key(number))
	if k := number - o.first; uint(k) < uint(p.share) {
		return same(number, got, ok, o.last[k])
	}
	switch {
	case !ok:
		return errLost
	case numberOf(got) != number:
		return foreign(number, got)
	}
	return nil
}

// check compares the map with what its owners know.
func (p *population) check() error {
	keys := 0
	for i := range p.owners {
		o := &p.owners[i]
		for k, want := range o.last {
			if err := expect(p.m, o.first+k, want); err != nil {
				return err
			}
		}
		for n := range o.there {
			at := (o.oldest + n) % len(o.ring)
			if err := expect(p.m, o.passing+at, o.ring[at]); err != nil {
				return err
			}
		}
		keys += len(o.last) + o.there
	}
	return count(p.m, keys)
}
