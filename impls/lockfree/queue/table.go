package queue

import "github.com/contendbench/contend/impls"

var (
	lists  = []impls.Promise{impls.MultiProducer, impls.MultiConsumer, impls.Linearizable, impls.Unbounded, impls.Releases}
	rings  = []impls.Promise{impls.MultiProducer, impls.MultiConsumer, impls.Linearizable, impls.Bounded, impls.Releases}
	loose  = []impls.Promise{impls.MultiProducer, impls.MultiConsumer, impls.Bounded, impls.Releases} // rings that may look full or empty
	pipes  = []impls.Promise{impls.Linearizable, impls.Bounded, impls.Releases}
	parked = append(rings, impls.Waits)
)

const xsyncModule = "github.com/puzpuzpuz/xsync/v4 v4.5.0, "

// All returns the queues for values of any type, and the control that takes no care.
func All[T any]() []impls.Impl[New[T]] {
	row := func(name string, kind impls.Kind, source string, p []impls.Promise, create New[T]) impls.Impl[New[T]] {
		return impls.Impl[New[T]]{Name: name, Kind: kind, Source: source, Promises: p, New: create}
	}
	return []impls.Impl[New[T]]{
		row("channel", impls.Channel, "Hoare 1978, §5", parked, func(n int) Queue[T] { return NewChannel[T](n) }),
		row("channel-polled", impls.Channel, "Go specification, Select statements", rings, func(n int) Queue[T] { return NewPolled[T](n) }),
		row("mutex", impls.Mutex, "sync.Mutex", rings, func(n int) Queue[T] { return NewMutex[T](n) }),
		row("spin", impls.Spin, "Rudolph and Segall 1984, §5", rings, func(n int) Queue[T] { return NewSpin[T](n) }),
		row("two-lock", impls.Mutex, "Michael and Scott 1996, figure 2", lists, func(int) Queue[T] { return NewTwoLock[T]() }),
		row("two-lock-ring", impls.Spin, "this project", rings, func(n int) Queue[T] { return NewTwoLockRing[T](n) }),
		row("michael-scott", impls.Atomic, "Michael and Scott 1996, figure 1", lists, func(int) Queue[T] { return NewMichaelScott[T]() }),
		row("vyukov", impls.Atomic, "Vyukov 2010, bounded MPMC queue", loose, func(n int) Queue[T] { return NewVyukov[T](n) }),
		row("vyukov-parked", impls.Atomic, "Vyukov 2010; Reed and Kanodia 1979", parked, func(n int) Queue[T] { return NewParked[T](n) }),
		row("segmented", impls.Atomic, "Correia and Ramalhete 2016, FAAArrayQueue", lists, func(int) Queue[T] { return NewSegmented[T]() }),
		row("flat-combining", impls.Spin, "Hendler et al. 2010, §4", rings, func(n int) Queue[T] { return NewFlatCombining[T](n) }),
		row("mpsc", impls.Atomic, "Vyukov 2010, non-intrusive MPSC queue",
			[]impls.Promise{impls.MultiProducer, impls.Unbounded, impls.Releases}, func(int) Queue[T] { return NewMPSC[T]() }),
		row("spsc", impls.Atomic, "Lamport 1983; Lee, Bu and Chandranmenon 2010", pipes, func(n int) Queue[T] { return NewSPSC[T](n) }),
		row("xsync-mpmc", impls.Library, xsyncModule+"MPMCQueue", loose, func(n int) Queue[T] { return NewXsyncMPMC[T](n) }),
		row("xsync-umpsc", impls.Library, xsyncModule+"UMPSCQueue",
			[]impls.Promise{impls.MultiProducer, impls.Linearizable, impls.Unbounded, impls.Waits}, func(int) Queue[T] { return NewXsyncUMPSC[T]() }),
		row("xsync-spsc", impls.Library, xsyncModule+"SPSCQueue", pipes, func(n int) Queue[T] { return NewXsyncSPSC[T](n) }),
		row("workiva", impls.Library, "github.com/Workiva/go-datastructures v1.1.7, queue.RingBuffer", parked,
			func(n int) Queue[T] { return NewWorkiva[T](n) }),
		row("gnet", impls.Library, "github.com/panjf2000/gnet/v2 v2.9.7, pkg/queue", lists, func(int) Queue[T] { return NewGnet[T]() }),
		{
			Name: "none", Kind: impls.Control, Role: impls.Noop, Source: "no care",
			Promises: []impls.Promise{impls.MultiProducer, impls.MultiConsumer}, New: func(n int) Queue[T] { return NewNone[T](n) },
		},
	}
}

// Words returns the queues for words: those of any type, and those that hold nothing else.
func Words() []impls.Impl[New[uint64]] {
	return append(All[uint64](),
		impls.Impl[New[uint64]]{
			Name: "michael-scott-indexed", Kind: impls.Atomic, Source: "Michael and Scott 1996, figure 1; Treiber 1986",
			Promises: []impls.Promise{impls.MultiProducer, impls.MultiConsumer, impls.Bounded},
			New:      func(n int) Queue[uint64] { return NewIndexed(n) },
		},
		impls.Impl[New[uint64]]{
			Name: "lscq", Kind: impls.Library, Source: "github.com/bytedance/gopkg v0.1.4, collection/lscq",
			Promises: []impls.Promise{impls.MultiProducer, impls.MultiConsumer, impls.Linearizable, impls.Unbounded},
			New:      func(int) Queue[uint64] { return NewLSCQ() },
		})
}

// Broken returns the seeded bugs of queues for values of any type. Each makes the promises of its twin.
func Broken[T any]() []impls.Impl[New[T]] {
	bug := func(name, twin, flaw string, create New[T]) impls.Impl[New[T]] {
		return seeded(All[T](), name, twin, flaw, create)
	}
	return []impls.Impl[New[T]]{
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

// BrokenPointers returns the seeded bugs of queues that only values show that point to something.
func BrokenPointers[T any]() []impls.Impl[New[*T]] {
	return []impls.Impl[New[*T]]{
		seeded(All[*T](), "keeps-value", "mutex", "what was taken out stays in its slot", func(n int) Queue[*T] { return &kept[*T]{*NewMutex[*T](n)} }),
	}
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
