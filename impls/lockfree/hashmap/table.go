package hashmap

import (
	"time"

	"github.com/contendbench/contend/impls"
)

// All returns every map for keys of 64 bits, and the control that keeps nothing.
func All[V any]() []impls.Impl[New[uint64, V]] {
	const (
		linear   = impls.Linearizable
		once     = impls.SetOnce
		sized    = impls.Sized
		snapshot = impls.Snapshot
	)
	row := func(name string, kind impls.Kind, source string, create New[uint64, V], p ...impls.Promise) impls.Impl[New[uint64, V]] {
		return impls.Impl[New[uint64, V]]{Name: name, Kind: kind, Source: source, Promises: p, New: create}
	}
	known := func(name, source, flaw string, create New[uint64, V], p ...impls.Promise) impls.Impl[New[uint64, V]] {
		return impls.Impl[New[uint64, V]]{
			Name: name, Kind: impls.Library, Source: source, Role: impls.Known, Flaw: flaw, Budget: 30 * time.Second,
			Promises: p, New: create,
		}
	}
	return []impls.Impl[New[uint64, V]]{
		row("sync-map", impls.Runtime, "sync.Map", func() Map[uint64, V] { return new(Sync[uint64, V]) }, linear, once, impls.ZeroValue),
		row("mutex", impls.Mutex, "The Go Blog, Go maps in action", func() Map[uint64, V] { return NewLocked[uint64, V]() }, linear, once, sized, snapshot),
		row("rwmutex", impls.Mutex, "The Go Blog, Go maps in action", func() Map[uint64, V] { return NewRWLocked[uint64, V]() }, linear, once, sized, snapshot),
		row("channel", impls.Channel, "Hoare 1978, §5", func() Map[uint64, V] { return NewOwned[uint64, V]() }, linear, once, sized, snapshot),
		row("sharded", impls.Mutex, "Herlihy and Shavit, §13.2.2", func() Map[uint64, V] { return NewSharded[uint64, V]() }, linear, once, sized),
		row("sharded-spin", impls.Spin, "Herlihy and Shavit, §13.2.2; Rudolph and Segall 1984, §5", func() Map[uint64, V] { return NewSpinning[uint64, V]() }, linear, once, sized),
		row("copy-on-write", impls.Atomic, "sync/atomic.Value, ReadMostly", func() Map[uint64, V] { return NewCopyOnWrite[uint64, V]() }, linear, once, sized, snapshot),
		row("split-ordered", impls.Atomic, "Shalev and Shavit 2006; Michael 2002", func() Map[uint64, V] { return NewSplitOrdered[uint64, V]() }, linear, once, sized),
		row("xsync", impls.Library, "github.com/puzpuzpuz/xsync/v4 v4.5.0, Map", func() Map[uint64, V] { return NewXsync[uint64, V]() }, linear, once, sized),
		row("concurrent-map", impls.Library, "github.com/orcaman/concurrent-map/v2 v2.0.1", func() Map[uint64, V] { return NewConcurrentMap[uint64, V]() }, linear, once, sized),
		known("haxmap", "github.com/alphadose/haxmap v1.4.1",
			"GetOrSet tells two that they stored: 11382 of 1837824 keys that two goroutines came to at once; and a key is missing for its only writer beside others that come and go, in 6 of 18 million turns",
			func() Map[uint64, V] { return NewHaxmap[V]() }, linear, once, sized),
		known("skipmap", "github.com/bytedance/gopkg v0.1.4, collection/skipmap",
			"Load misses what the same goroutine has just got from LoadOrStore: 57 of 1176320 keys that two goroutines came to at once; and Store is lost in a node that another one deletes, in 69 of 2.9 million turns",
			func() Map[uint64, V] { return NewSkipmap[V]() }, linear, once, sized),
		known("ctrie", "github.com/Workiva/go-datastructures v1.1.7, trie/ctrie",
			"what is written beside others after a snapshot may be lost: 15 to 27 of 4.7 million keys were missing for their only writer after one snapshot, none without it",
			func() Map[uint64, V] { return NewCtrie[V]() }, linear, sized, snapshot),
		{Name: "none", Kind: impls.Control, Role: impls.Noop, Source: "no map", New: func() Map[uint64, V] { return None[uint64, V]{} }},
	}
}

// Broken returns the seeded bugs. Each makes the promises of its twin.
func Broken[V any]() []impls.Impl[New[uint64, V]] {
	split := []impls.Promise{impls.Linearizable, impls.SetOnce, impls.Sized}
	locked := append(split[:3:3], impls.Snapshot)
	bug := func(name, twin, flaw string, p []impls.Promise, create New[uint64, V]) impls.Impl[New[uint64, V]] {
		return impls.Impl[New[uint64, V]]{Name: name, Kind: impls.Control, Role: impls.Bug, Source: "seeded", Twin: twin, Flaw: flaw, Promises: p, New: create}
	}
	return []impls.Impl[New[uint64, V]]{
		bug("no-second-look", "rwmutex", "LoadOrStore does not look again under the lock", locked,
			func() Map[uint64, V] { return noSecondLook[uint64, V]{NewRWLocked[uint64, V]()} }),
		bug("stale-copy", "copy-on-write", "copies before it has the lock", locked,
			func() Map[uint64, V] { return staleCopy[uint64, V]{NewCopyOnWrite[uint64, V]()} }),
		bug("skips-locked", "sharded", "Range passes over a shard that is locked", split,
			func() Map[uint64, V] { return skipsLocked[uint64, V]{NewSharded[uint64, V]()} }),
		bug("early-head", "split-ordered", "a bucket is used before its head is linked, and loses what is stored meanwhile", split,
			func() Map[uint64, V] { return earlyHead[uint64, V]{NewSplitOrdered[uint64, V]()} }),
		bug("revives", "split-ordered", "Store writes into a node that is deleted", split,
			func() Map[uint64, V] { return revives[uint64, V]{NewSplitOrdered[uint64, V]()} }),
		bug("blind-mark", "split-ordered", "the mark of a deleted node overwrites what has just been linked behind it", split,
			func() Map[uint64, V] { return blindMark[uint64, V]{NewSplitOrdered[uint64, V]()} }),
		bug("keeps-count", "split-ordered", "Len counts what was deleted", split,
			func() Map[uint64, V] { return keepsCount[uint64, V]{NewSplitOrdered[uint64, V]()} }),
	}
}
