package hashmap

import (
	"time"

	"github.com/contendbench/contend/impls"
)

var (
	counted = []impls.Promise{impls.Linearizable, SetOnce, Sized}
	whole   = []impls.Promise{impls.Linearizable, SetOnce, Sized, Snapshot}
)

// toBreak is how long a stress run may take to show the flaw of a map that is known to be
// broken.
const toBreak = 30 * time.Second

// All returns every map for keys of 64 bits, and the control that keeps nothing.
func All[V any]() []impls.Impl[New[uint64, V]] {
	return append(AllOf[uint64, V](),
		impls.NewKnown(impls.New("haxmap", impls.Library, "github.com/alphadose/haxmap v1.4.1",
			func() Map[uint64, V] { return NewHaxmap[V]() }, counted...), toBreak, haxmapFlaw),
		impls.NewKnown(impls.Formerly("skipmap", impls.New("bytedance-skipmap", impls.Library,
			"github.com/bytedance/gopkg v0.1.4, collection/skipmap",
			func() Map[uint64, V] { return NewSkipmap[V]() }, counted...)), toBreak, skipmapFlaw),
		impls.NewKnown(impls.Formerly("ctrie", impls.New("workiva-ctrie", impls.Library,
			"github.com/Workiva/go-datastructures v1.1.7, trie/ctrie",
			func() Map[uint64, V] { return NewCtrie[V]() }, impls.Linearizable, Sized, Snapshot)), toBreak, ctrieFlaw),
		impls.NewControl("no map", func() Map[uint64, V] { return None[uint64, V]{} }),
	)
}

// AllOf returns the maps for keys of any type.
func AllOf[K comparable, V any]() []impls.Impl[New[K, V]] {
	return []impls.Impl[New[K, V]]{
		impls.Headline(impls.New("sync-map", impls.Runtime, "sync.Map",
			func() Map[K, V] { return new(Sync[K, V]) }, impls.Linearizable, SetOnce, impls.ZeroValue)),
		impls.New("mutex", impls.Mutex, "The Go Blog, Go maps in action",
			func() Map[K, V] { return NewLocked[K, V]() }, whole...),
		impls.Headline(impls.New("rwmutex", impls.Mutex, "The Go Blog, Go maps in action",
			func() Map[K, V] { return NewRWLocked[K, V]() }, whole...)),
		impls.New("channel", impls.Channel, "Hoare 1978, §5",
			func() Map[K, V] { return NewOwned[K, V]() }, whole...),
		impls.Headline(impls.New("sharded", impls.Mutex, "Herlihy and Shavit, §13.2.2",
			func() Map[K, V] { return NewSharded[K, V]() }, counted...)),
		impls.New("sharded-spin", impls.Spin, "Herlihy and Shavit, §13.2.2; Rudolph and Segall 1984, §5",
			func() Map[K, V] { return NewSpinning[K, V]() }, counted...),
		// A write copies all keys.
		impls.UpTo("size", 1000, impls.New("copy-on-write", impls.Atomic, "sync/atomic.Value, ReadMostly",
			func() Map[K, V] { return NewCopyOnWrite[K, V]() }, whole...)),
		impls.Headline(impls.New("split-ordered", impls.Atomic, "Shalev and Shavit 2006; Michael 2002",
			func() Map[K, V] { return NewSplitOrdered[K, V]() }, counted...)),
		impls.Headline(impls.Formerly("xsync", impls.New("xsync-map", impls.Library,
			"github.com/puzpuzpuz/xsync/v4 v4.5.0, Map",
			func() Map[K, V] { return NewXsync[K, V]() }, counted...))),
		impls.Formerly("concurrent-map", impls.New("orcaman-concurrent-map", impls.Library,
			"github.com/orcaman/concurrent-map/v2 v2.0.1",
			func() Map[K, V] { return NewConcurrentMap[K, V]() }, counted...)),
	}
}

// The flaws of the maps that are known to be broken. The counts were reproduced outside
// this suite.
const (
	haxmapFlaw = "GetOrSet reports to two goroutines that they stored, " +
		"for 11382 of 1837824 keys that both set at once; " +
		"a key is missing for its only writer while others add and remove keys, in 6 of 18 million turns"
	skipmapFlaw = "Load misses what the same goroutine just got from LoadOrStore, " +
		"for 57 of 1176320 keys that two goroutines set at once; " +
		"a Store is lost in a node that another goroutine deletes, in 69 of 2.9 million turns"
	ctrieFlaw = "writes after a snapshot may be lost: " +
		"15 to 27 of 4.7 million keys were missing for their only writer after one snapshot, and none without it"
)

// Broken returns the seeded bugs.
func Broken[V any]() []impls.Impl[New[uint64, V]] {
	return impls.Seed(All[V](),
		impls.Bug[New[uint64, V]]{
			Name: "no-second-look", Twin: "rwmutex", Flaw: "LoadOrStore does not look again under the lock",
			New: func() Map[uint64, V] { return noSecondLook[uint64, V]{NewRWLocked[uint64, V]()} },
		},
		impls.Bug[New[uint64, V]]{
			Name: "loads-twice", Twin: "mutex", Flaw: "LoadOrStore reads the value after the unlock, when the key may be gone",
			New: func() Map[uint64, V] { return loadsTwice[uint64, V]{NewLocked[uint64, V]()} },
		},
		impls.Bug[New[uint64, V]]{
			Name: "stale-copy", Twin: "copy-on-write", Flaw: "copies before it has the lock",
			New: func() Map[uint64, V] { return staleCopy[uint64, V]{NewCopyOnWrite[uint64, V]()} },
		},
		impls.Bug[New[uint64, V]]{
			Name: "skips-locked", Twin: "sharded", Flaw: "Range skips a shard that is locked",
			New: func() Map[uint64, V] { return skipsLocked[uint64, V]{NewSharded[uint64, V]()} },
		},
		impls.Bug[New[uint64, V]]{
			Name: "early-head", Twin: "split-ordered",
			Flaw: "uses a bucket before its head is linked, and loses keys stored there",
			New:  func() Map[uint64, V] { return earlyHead[uint64, V]{NewSplitOrdered[uint64, V]()} },
		},
		impls.Bug[New[uint64, V]]{
			Name: "revives", Twin: "split-ordered", Flaw: "Store writes into a deleted node",
			New: func() Map[uint64, V] { return revives[uint64, V]{NewSplitOrdered[uint64, V]()} },
		},
		impls.Bug[New[uint64, V]]{
			Name: "blind-mark", Twin: "split-ordered",
			Flaw: "the mark of a deleted node overwrites what was just linked behind it",
			New:  func() Map[uint64, V] { return blindMark[uint64, V]{NewSplitOrdered[uint64, V]()} },
		},
		impls.Bug[New[uint64, V]]{
			Name: "keeps-count", Twin: "split-ordered", Flaw: "Len counts deleted keys",
			New: func() Map[uint64, V] { return keepsCount[uint64, V]{NewSplitOrdered[uint64, V]()} },
		},
		impls.Bug[New[uint64, V]]{
			Name: "deaf-range", Twin: "split-ordered", Flaw: "Range goes on when its function returns false",
			New: func() Map[uint64, V] { return deaf[uint64, V]{NewSplitOrdered[uint64, V]()} },
		},
		impls.Bug[New[uint64, V]]{
			Name: "range-restarts", Twin: "split-ordered", Flaw: "Range starts again if the table has grown",
			New: func() Map[uint64, V] { return restarts[uint64, V]{NewSplitOrdered[uint64, V]()} },
		},
		impls.Bug[New[uint64, V]]{
			Name: "stops-locked", Twin: "mutex", Flaw: "a Range that ends early leaves the map locked",
			New: func() Map[uint64, V] { return stopsLocked[uint64, V]{NewLocked[uint64, V]()} },
		},
		impls.Bug[New[uint64, V]]{
			Name: "panic-keeps", Twin: "channel", Flaw: "a Range whose function panics never gives the map back",
			New: func() Map[uint64, V] { return panicKeeps[uint64, V]{NewOwned[uint64, V]()} },
		},
		impls.Bug[New[uint64, V]]{
			Name: "skips-deleted", Twin: "rwmutex", Flaw: "Range leaves out keys that were deleted since its start",
			New: func() Map[uint64, V] { return skipsDeleted[uint64, V]{NewRWLocked[uint64, V]()} },
		},
		impls.Bug[New[uint64, V]]{
			Name: "len-16bit", Twin: "sharded", Flaw: "Len is wrong above 32767 keys",
			New: func() Map[uint64, V] { return len16[uint64, V]{NewSharded[uint64, V]()} },
		},
		impls.Bug[New[uint64, V]]{
			Name: "full-at-4096", Twin: "rwmutex", Flaw: "Store drops a new key if the map has 4096",
			New: func() Map[uint64, V] { return full4096[uint64, V]{NewRWLocked[uint64, V]()} },
		},
		impls.Bug[New[uint64, V]]{
			Name: "needs-constructor", Twin: "sync-map", Flaw: "its zero value drops what is stored",
			New: func() Map[uint64, V] { return &needsNew[uint64, V]{made: true} },
		},
	)
}

// BrokenOfValues returns the seeded bugs that show only where keys or values are
// interfaces.
func BrokenOfValues() []impls.Impl[New[any, any]] {
	return impls.Seed(AllOf[any, any](),
		impls.Bug[New[any, any]]{
			Name: "nil-is-none", Twin: "sharded-spin", Flaw: "takes a nil value for a missing key",
			New: func() Map[any, any] { return nilIsNone{NewSpinning[any, any]()} },
		},
		impls.Bug[New[any, any]]{
			Name: "keys-by-text", Twin: "mutex", Flaw: "takes keys for the same that print alike",
			New: func() Map[any, any] { return &byText{Locked: *NewLocked[any, any]()} },
		},
	)
}
