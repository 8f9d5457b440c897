package hashmap

import (
	"cmp"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
)

// liar is a map that makes promises which it does not keep.
func liar(create New, promises ...impls.Promise) harness.Suite {
	return Suite(impls.New("liar", impls.Mutex, "here", create, promises...))
}

// sharded is a map that does not range over the keys of one instant.
func sharded() table { return maps.NewSharded[uint64, uint64]() }

// Every load that probes a promise finds a map that makes it and does not keep it.
func TestPromisesAreProbed(t *testing.T) {
	miscounting := func() table { return miscounts{maps.NewLocked[uint64, uint64]()} }
	twice := func() table { return setsTwice{maps.NewLocked[uint64, uint64]()} }
	shy := func() table { return &missing{Locked: maps.NewLocked[uint64, uint64]()} }
	torn := func() table { return &inHalves{Locked: maps.NewLocked[uint64, uint64]()} }
	parallel := func() table { return rangesAtOnce{maps.NewLocked[uint64, uint64]()} }
	ascending := func() table { return newCompact(false) }
	descending := func() table { return newCompact(true) }
	for _, c := range []struct {
		load, complaint string
		create          New
		promises        []impls.Promise
	}{
		{"mix", "Len of", miscounting, []impls.Promise{maps.Sized}},
		{"growing", "Len of", miscounting, []impls.Promise{maps.Sized}},
		{"range", "Len of", miscounting, []impls.Promise{maps.Sized}},
		{"winner", "Len of", miscounting, []impls.Promise{maps.SetOnce, maps.Sized}},
		{"own-write", "Len of", miscounting, []impls.Promise{maps.Sized}},
		{"taken", "Len of", miscounting, []impls.Promise{maps.Sized}},
		{"model", "Len of", miscounting, []impls.Promise{maps.Sized}},
		{"churn", "Len of", miscounting, []impls.Promise{maps.Sized}},
		{"sized", "the Len is", miscounting, []impls.Promise{maps.Sized}},
		{"lives", "Len of", miscounting, []impls.Promise{maps.Sized}},
		{"model", "no other call was in progress", shy, nil},
		{"churn", "not found", shy, nil},
		{"winner", "LoadOrStore", twice, []impls.Promise{maps.SetOnce}},
		{"history", "not linearizable", twice, []impls.Promise{impls.Linearizable, maps.SetOnce}},
		{"history", "not linearizable", shy, []impls.Promise{impls.Linearizable}},
		{"whole", "put together", torn, nil},
		{"model", "a Range made", parallel, nil},
		{"range-growing", "did not visit", ascending, nil},
		{"range-growing", "twice while the map changed", descending, nil},
		{"snapshot", "which no instant has", sharded, []impls.Promise{maps.Snapshot}},
		{"snapshot-moves", "want a run of", sharded, []impls.Promise{maps.Snapshot}},
	} {
		t.Run(c.load, func(t *testing.T) { harness.Finds(t, liar(c.create, c.promises...), c.load, c.complaint) })
	}
}

// Each load that is there for one kind of bug finds it.
func TestSeededBugsAreFoundByTheirLoad(t *testing.T) {
	for _, c := range []struct{ load, bug, complaint string }{
		{"model", "deaf-range", "returned false"},
		{"range-growing", "range-restarts", "twice"},
		{"whole", "loads-twice", "put together"},
		{"model", "stops-locked", "have not returned"},
		{"model", "panic-keeps", "have not returned"},
		{"snapshot-moves", "skips-deleted", "want a run of"},
		{"sized", "len-16bit", "the Len is"},
		{"model", "full-at-4096", "no other call was in progress"},
		{"churn", "full-at-4096", "not found"},
		{"growing", "full-at-4096", "not found"},
		{"zero-value", "needs-constructor", "not found"},
		{"values", "nil-is-none", "no other call was in progress"},
		{"values", "keys-by-text", "no other call was in progress"},
	} {
		t.Run(c.load+"/"+c.bug, func(t *testing.T) { harness.Finds(t, only(All()[0], c.bug), c.load, c.complaint) })
	}
}

// only is a suite with one of its implementations.
func only(s harness.Suite, name string) harness.Suite {
	card, _ := s.Card(name)
	s.Impls = []impls.Card{card}
	return s
}

// miscounts counts a key too many.
type miscounts struct{ *maps.Locked[uint64, uint64] }

func (m miscounts) Len() int { return m.Locked.Len() + 1 }

// setsTwice lets two goroutines that set a key at once both store.
type setsTwice struct{ *maps.Locked[uint64, uint64] }

func (m setsTwice) LoadOrStore(key, value uint64) (uint64, bool) {
	if old, ok := m.Load(key); ok {
		return old, true
	}
	runtime.Gosched()
	m.Store(key, value)
	return value, false
}

// missing misses a key in every eleventh Load.
type missing struct {
	*maps.Locked[uint64, uint64]
	loads atomic.Int64
}

func (m *missing) Load(key uint64) (uint64, bool) {
	if m.loads.Add(1)%11 == 0 {
		return 0, false
	}
	return m.Locked.Load(key)
}

// inHalves keeps a value in two halves, and stores them one after the other.
type inHalves struct {
	*maps.Locked[uint64, uint64]
	low, high [3]atomic.Uint32
}

func (m *inHalves) at(k uint64) int {
	for i := range m.low {
		if key(i) == k {
			return i
		}
	}
	return 0
}

func (m *inHalves) Store(k, v uint64) {
	m.low[m.at(k)].Store(uint32(v))
	runtime.Gosched()
	m.high[m.at(k)].Store(uint32(v >> 32))
	m.Locked.Store(k, v)
}

func (m *inHalves) Load(k uint64) (uint64, bool) {
	_, ok := m.Locked.Load(k)
	return uint64(m.high[m.at(k)].Load())<<32 | uint64(m.low[m.at(k)].Load()), ok
}

// compact is a map in an array. A deletion moves the last key into the gap, where a Range
// may have been already, or may come to again.
type compact struct {
	mu         sync.Mutex
	places     map[uint64]int
	pairs      [][2]uint64
	descending bool // Range starts at the last key
}

func newCompact(descending bool) *compact {
	return &compact{places: map[uint64]int{}, descending: descending}
}

func (m *compact) Load(k uint64) (uint64, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, ok := m.places[k]
	if !ok {
		return 0, false
	}
	return m.pairs[i][1], true
}

func (m *compact) Store(k, v uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, ok := m.places[k]
	if !ok {
		i = len(m.pairs)
		m.places[k] = i
		m.pairs = append(m.pairs, [2]uint64{})
	}
	m.pairs[i] = [2]uint64{k, v}
}

func (m *compact) LoadAndDelete(k uint64) (uint64, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, ok := m.places[k]
	if !ok {
		return 0, false
	}
	v, last := m.pairs[i][1], len(m.pairs)-1
	m.pairs[i] = m.pairs[last]
	m.places[m.pairs[i][0]] = i
	m.pairs = m.pairs[:last]
	delete(m.places, k)
	return v, true
}

func (m *compact) Range(f func(k, v uint64) bool) {
	visit := func(i int) bool {
		pair, ok := m.at(i)
		return !ok || f(pair[0], pair[1])
	}
	if m.descending {
		for i := m.length() - 1; i >= 0 && visit(i); i-- {
		}
		return
	}
	for i := 0; i < m.length() && visit(i); i++ {
	}
}

func (m *compact) length() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.pairs)
}

func (m *compact) at(i int) (pair [2]uint64, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if i >= len(m.pairs) {
		return pair, false
	}
	return m.pairs[i], true
}

// rangesAtOnce calls the function of a Range on two goroutines. A panic of one reaches the
// caller.
type rangesAtOnce struct{ *maps.Locked[uint64, uint64] }

func (m rangesAtOnce) Range(f func(k, v uint64) bool) {
	var pairs [][2]uint64
	m.Locked.Range(func(k, v uint64) bool {
		pairs = append(pairs, [2]uint64{k, v})
		return true
	})
	var group sync.WaitGroup
	var panicked [2]any
	for half := range 2 {
		group.Go(func() {
			defer func() { panicked[half] = recover() }()
			for i := half; i < len(pairs); i += 2 {
				f(pairs[i][0], pairs[i][1])
			}
		})
	}
	group.Wait()
	if p := cmp.Or(panicked[0], panicked[1]); p != nil {
		panic(p)
	}
}
