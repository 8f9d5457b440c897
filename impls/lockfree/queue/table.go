package queue

import "github.com/contendbench/contend/impls"

const (
	manyIn  = impls.MultiProducer
	manyOut = impls.MultiConsumer
	linear  = impls.Linearizable
	bounded = impls.Bounded
	grows   = impls.Unbounded
	waits   = impls.Waits
	frees   = impls.Releases
)

// All returns the queues for values of any type, and the control that takes no care.
func All[T any]() []impls.Impl[New[T]] {
	row := func(name string, kind impls.Kind, source string, create New[T], p ...impls.Promise) impls.Impl[New[T]] {
		return impls.Impl[New[T]]{Name: name, Kind: kind, Source: source, Promises: p, New: create}
	}
	return []impls.Impl[New[T]]{
		row("channel", impls.Channel, "Hoare 1978, §5", func(n int) Queue[T] { return NewChannel[T](n) }, manyIn, manyOut, linear, bounded, waits, frees),
		row("channel-polled", impls.Channel, "Go specification, Select statements", func(n int) Queue[T] { return NewPolled[T](n) }, manyIn, manyOut, linear, bounded, frees),
		row("mutex", impls.Mutex, "sync.Mutex", func(n int) Queue[T] { return NewMutex[T](n) }, manyIn, manyOut, linear, bounded, frees),
		row("spin", impls.Spin, "Rudolph and Segall 1984, §5", func(n int) Queue[T] { return NewSpin[T](n) }, manyIn, manyOut, linear, bounded, frees),
		row("two-lock", impls.Mutex, "Michael and Scott 1996, figure 2", func(int) Queue[T] { return NewTwoLock[T]() }, manyIn, manyOut, linear, grows, frees),
		row("two-lock-ring", impls.Spin, "this project", func(n int) Queue[T] { return NewTwoLockRing[T](n) }, manyIn, manyOut, linear, bounded, frees),
		row("michael-scott", impls.Atomic, "Michael and Scott 1996, figure 1", func(int) Queue[T] { return NewMichaelScott[T]() }, manyIn, manyOut, linear, grows, frees),
		row("vyukov", impls.Atomic, "Vyukov 2010, bounded MPMC queue", func(n int) Queue[T] { return NewVyukov[T](n) }, manyIn, manyOut, bounded, frees),
		row("vyukov-parked", impls.Atomic, "Vyukov 2010; Reed and Kanodia 1979", func(n int) Queue[T] { return NewParked[T](n) }, manyIn, manyOut, linear, bounded, waits, frees),
		row("segmented", impls.Atomic, "Correia and Ramalhete 2016, FAAArrayQueue", func(int) Queue[T] { return NewSegmented[T]() }, manyIn, manyOut, linear, grows, frees),
		row("flat-combining", impls.Spin, "Hendler, Incze, Shavit and Tzafrir 2010, §4", func(n int) Queue[T] { return NewFlatCombining[T](n) }, manyIn, manyOut, linear, bounded, frees),
		row("mpsc", impls.Atomic, "Vyukov 2010, non-intrusive MPSC queue", func(int) Queue[T] { return NewMPSC[T]() }, manyIn, grows, frees),
		row("spsc", impls.Atomic, "Lamport 1983; Lee, Bu and Chandranmenon 2010", func(n int) Queue[T] { return NewSPSC[T](n) }, linear, bounded, frees),
		row("xsync-mpmc", impls.Library, "github.com/puzpuzpuz/xsync/v4 v4.5.0, MPMCQueue", func(n int) Queue[T] { return NewXsyncMPMC[T](n) }, manyIn, manyOut, bounded, frees),
		row("xsync-umpsc", impls.Library, "github.com/puzpuzpuz/xsync/v4 v4.5.0, UMPSCQueue", func(int) Queue[T] { return NewXsyncUMPSC[T]() }, manyIn, linear, grows, waits),
		row("xsync-spsc", impls.Library, "github.com/puzpuzpuz/xsync/v4 v4.5.0, SPSCQueue", func(n int) Queue[T] { return NewXsyncSPSC[T](n) }, linear, bounded, frees),
		row("workiva", impls.Library, "github.com/Workiva/go-datastructures v1.1.7, queue.RingBuffer", func(n int) Queue[T] { return NewWorkiva[T](n) }, manyIn, manyOut, linear, bounded, waits, frees),
		row("gnet", impls.Library, "github.com/panjf2000/gnet/v2 v2.9.7, pkg/queue", func(int) Queue[T] { return NewGnet[T]() }, manyIn, manyOut, linear, grows, frees),
		{Name: "none", Kind: impls.Control, Role: impls.Noop, Source: "no care", Promises: []impls.Promise{manyIn, manyOut}, New: func(n int) Queue[T] { return NewNone[T](n) }},
	}
}

// Words returns the queues for words: those of any type, and those that hold nothing else.
func Words() []impls.Impl[New[uint64]] {
	return append(All[uint64](),
		impls.Impl[New[uint64]]{
			Name: "michael-scott-indexed", Kind: impls.Atomic, Source: "Michael and Scott 1996, figure 1; Treiber 1986",
			Promises: []impls.Promise{manyIn, manyOut, bounded}, New: func(n int) Queue[uint64] { return NewIndexed(n) },
		},
		impls.Impl[New[uint64]]{
			Name: "lscq", Kind: impls.Library, Source: "github.com/bytedance/gopkg v0.1.4, collection/lscq",
			Promises: []impls.Promise{manyIn, manyOut, linear, grows}, New: func(int) Queue[uint64] { return NewLSCQ() },
		})
}

// Broken returns the seeded bugs of queues for values of any type. Each makes the promises of its twin.
func Broken[T any]() []impls.Impl[New[T]] {
	bug := func(name, twin, flaw string, create New[T]) impls.Impl[New[T]] {
		return seeded(All[T](), name, twin, flaw, create)
	}
	return []impls.Impl[New[T]]{
		bug("keeps-value", "mutex", "what was taken out stays in its slot", func(n int) Queue[T] { return &kept[T]{*NewMutex[T](n)} }),
		bug("value-after-unlock", "two-lock", "the value is read when the lock is free, and the node perhaps used again",
			func(int) Queue[T] { q := new(lateRead[T]); q.init(); return q }),
		bug("tail-not-helped", "michael-scott", "a tail that lags is taken for the last node, and what is linked behind it lost",
			func(int) Queue[T] { q := new(unhelped[T]); q.init(); return q }),
		bug("turn-before-value", "vyukov", "the sequence number is published before the value", func(n int) Queue[T] { q := new(early[T]); q.init(n); return q }),
		bug("woken-once", "vyukov-parked", "a consumer that is woken does not ask whether the value is still there",
			func(n int) Queue[T] { q := new(wokenOnce[T]); q.init(n); return q }),
		bug("one-too-many", "spsc", "takes a value more than it has room for", func(n int) Queue[T] { q := new(overfull[T]); q.init(n); return q }),
		bug("abandoned-slot", "segmented", "a producer does not see that the consumer of its slot has been there",
			func(int) Queue[T] { q := new(abandoned[T]); q.init(); return q }),
		bug("done-before-result", "flat-combining", "a request is done before it is served", func(n int) Queue[T] { q := new(doneFirst[T]); q.init(n); return q }),
	}
}

// BrokenWords returns the seeded bugs of queues for words.
func BrokenWords() []impls.Impl[New[uint64]] {
	return append(Broken[uint64](),
		seeded(Words(), "untagged-index", "michael-scott-indexed", "links are indices of nodes that are used again, without a tag", newUntagged))
}

// seeded is the row of a bug. Its twin is one of rows.
func seeded[T any](rows []impls.Impl[New[T]], name, twin, flaw string, create New[T]) impls.Impl[New[T]] {
	bug := impls.Impl[New[T]]{Name: name, Kind: impls.Control, Role: impls.Bug, Source: "seeded", Twin: twin, Flaw: flaw, New: create}
	for _, r := range rows {
		if r.Name == twin {
			bug.Promises = r.Promises
		}
	}
	return bug
}
