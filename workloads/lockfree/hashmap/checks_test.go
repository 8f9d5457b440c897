package hashmap

import (
	"runtime"
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
		{"winner", "LoadOrStore", twice, []impls.Promise{maps.SetOnce}},
		{"history", "not linearizable", twice, []impls.Promise{impls.Linearizable, maps.SetOnce}},
		{"history", "not linearizable", shy, []impls.Promise{impls.Linearizable}},
		{"snapshot", "which no instant has", sharded, []impls.Promise{maps.Snapshot}},
	} {
		t.Run(c.load, func(t *testing.T) { harness.Finds(t, liar(c.create, c.promises...), c.load, c.complaint) })
	}
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
