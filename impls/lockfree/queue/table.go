package queue

import "github.com/contendbench/contend/impls"

var (
	lists = []impls.Promise{MultiProducer, MultiConsumer, impls.Linearizable, impls.Unbounded, impls.Releases}
	rings = []impls.Promise{MultiProducer, MultiConsumer, impls.Linearizable, impls.Bounded, impls.Releases}
	// loose rings may look full or empty.
	loose   = []impls.Promise{MultiProducer, MultiConsumer, impls.Bounded, impls.Releases}
	waiting = []impls.Promise{MultiProducer, MultiConsumer, impls.Linearizable, impls.Bounded, impls.Releases, Waits}
	// pipes have one goroutine at each end.
	pipes = []impls.Promise{impls.Linearizable, impls.Bounded, impls.Releases}
)

const (
	xsyncModule     = "github.com/puzpuzpuz/xsync/v4 v4.5.0, "
	bytedanceModule = "github.com/bytedance/gopkg v0.1.4, "
)

// All returns the queues for values of any type, and the control without synchronization.
func All[T any]() []impls.Impl[New[T]] {
	return []impls.Impl[New[T]]{
		impls.Headline(impls.New("channel", impls.Channel, "Hoare 1978, §5",
			func(n int) Queue[T] { return NewChannel[T](n) }, waiting...)),
		impls.New("channel-polled", impls.Channel, "Go specification, Select statements",
			func(n int) Queue[T] { return NewPolled[T](n) }, rings...),
		impls.Headline(impls.New("mutex", impls.Mutex, "sync.Mutex",
			func(n int) Queue[T] { return NewMutex[T](n) }, rings...)),
		impls.New("spin", impls.Spin, "Rudolph and Segall 1984, §5",
			func(n int) Queue[T] { return NewSpin[T](n) }, rings...),
		impls.Headline(impls.New("two-lock", impls.Mutex, "Michael and Scott 1996, figure 2",
			func(int) Queue[T] { return NewTwoLock[T]() }, lists...)),
		impls.New("two-lock-ring", impls.Spin, "this project",
			func(n int) Queue[T] { return NewTwoLockRing[T](n) }, rings...),
		impls.New("michael-scott", impls.Atomic, "Michael and Scott 1996, figure 1",
			func(int) Queue[T] { return NewMichaelScott[T]() }, lists...),
		impls.Headline(impls.New("vyukov", impls.Atomic, "Vyukov 2010, bounded MPMC queue",
			func(n int) Queue[T] { return NewVyukov[T](n) }, loose...)),
		impls.New("vyukov-parked", impls.Atomic, "Vyukov 2010; Reed and Kanodia 1979",
			func(n int) Queue[T] { return NewParked[T](n) }, waiting...),
		impls.New("segmented", impls.Atomic, "Correia and Ramalhete 2016, FAAArrayQueue",
			func(int) Queue[T] { return NewSegmented[T]() }, lists...),
		impls.New("flat-combining", impls.Spin, "Oyama, Taura and Yonezawa 1999; Hendler et al. 2010, §4",
			func(n int) Queue[T] { return NewFlatCombining[T](n) }, rings...),
		impls.New("mpsc", impls.Atomic, "Vyukov 2010, non-intrusive MPSC queue",
			func(int) Queue[T] { return NewMPSC[T]() }, MultiProducer, impls.Unbounded, impls.Releases),
		impls.New("spsc", impls.Atomic, "Lamport 1983; Lee, Bu and Chandranmenon 2010",
			func(n int) Queue[T] { return NewSPSC[T](n) }, pipes...),
		impls.Headline(impls.New("xsync-mpmc", impls.Library, xsyncModule+"MPMCQueue",
			func(n int) Queue[T] { return NewXsyncMPMC[T](n) }, loose...)),
		impls.New("xsync-umpsc", impls.Library, xsyncModule+"UMPSCQueue",
			func(int) Queue[T] { return NewXsyncUMPSC[T]() },
			MultiProducer, impls.Linearizable, impls.Unbounded, Waits),
		impls.New("xsync-spsc", impls.Library, xsyncModule+"SPSCQueue",
			func(n int) Queue[T] { return NewXsyncSPSC[T](n) }, pipes...),
		impls.Formerly("workiva", impls.New("workiva-ring", impls.Library,
			"github.com/Workiva/go-datastructures v1.1.7, queue.RingBuffer",
			func(n int) Queue[T] { return NewWorkiva[T](n) }, waiting...)),
		impls.Formerly("gnet", impls.New("gnet-queue", impls.Library, "github.com/panjf2000/gnet/v2 v2.9.7, pkg/queue",
			func(int) Queue[T] { return NewGnet[T]() }, lists...)),
		control[T](),
	}
}

// control is None. It makes two promises, because loads for many producers or consumers
// would leave it out otherwise.
func control[T any]() impls.Impl[New[T]] {
	none := impls.NewControl("no synchronization", func(n int) Queue[T] { return NewNone[T](n) })
	none.Promises = []impls.Promise{MultiProducer, MultiConsumer}
	return none
}

// OfWords returns the queues for words: those for any type, and those that hold only
// words.
func OfWords() []impls.Impl[New[uint64]] {
	return append(All[uint64](),
		impls.New("michael-scott-indexed", impls.Atomic, "Michael and Scott 1996, figure 1; Treiber 1986",
			func(n int) Queue[uint64] { return NewIndexed(n) }, MultiProducer, MultiConsumer, impls.Bounded),
		impls.Formerly("lscq", impls.New("bytedance-lscq", impls.Library, bytedanceModule+"collection/lscq",
			func(int) Queue[uint64] { return NewLSCQ() },
			MultiProducer, MultiConsumer, impls.Linearizable, impls.Unbounded)),
	)
}

// Broken returns the seeded bugs of queues for values of any type.
func Broken[T any]() []impls.Impl[New[T]] {
	return impls.Seed(All[T](),
		impls.Bug[New[T]]{
			Name: "value-after-unlock", Twin: "two-lock",
			Flaw: "reads the value after the unlock, when the node may be in use again",
			New:  func(int) Queue[T] { q := new(lateRead[T]); q.init(); return q },
		},
		impls.Bug[New[T]]{
			Name: "tail-not-helped", Twin: "michael-scott",
			Flaw: "takes a tail that lags for the last node, and loses the nodes after it",
			New:  func(int) Queue[T] { q := new(unhelped[T]); q.init(); return q },
		},
		impls.Bug[New[T]]{
			Name: "turn-before-value", Twin: "vyukov", Flaw: "publishes the sequence number before the value",
			New: func(n int) Queue[T] { q := new(early[T]); q.init(n); return q },
		},
		impls.Bug[New[T]]{
			Name: "woken-once", Twin: "vyukov-parked",
			Flaw: "a consumer that is woken does not check whether the value is still there",
			New:  func(n int) Queue[T] { q := new(wokenOnce[T]); q.init(n); return q },
		},
		impls.Bug[New[T]]{
			Name: "one-too-many", Twin: "spsc", Flaw: "accepts one value more than it has room for",
			New: func(n int) Queue[T] { q := new(overfull[T]); q.init(n); return q },
		},
		impls.Bug[New[T]]{
			Name: "abandoned-slot", Twin: "segmented",
			Flaw: "a producer does not notice that the consumer of its slot came first",
			New:  func(int) Queue[T] { q := new(abandoned[T]); q.init(); return q },
		},
		impls.Bug[New[T]]{
			Name: "done-before-result", Twin: "flat-combining", Flaw: "marks a request as done before it serves it",
			New: func(n int) Queue[T] { q := new(doneFirst[T]); q.init(n); return q },
		},
		impls.Bug[New[T]]{
			Name: "positions-16bit", Twin: "mutex",
			Flaw: "its positions wrap around after 65536 values, in the middle of a ring of any length but a power of two",
			New:  func(n int) Queue[T] { return &wraps[T]{Mutex: *NewMutex[T](n)} },
		},
		impls.Bug[New[T]]{
			Name: "count-16bit", Twin: "two-lock", Flaw: "refuses a value when it holds 32767",
			New: func(int) Queue[T] { q := new(counts16[T]); q.init(); return q },
		},
		impls.Bug[New[T]]{
			Name: "parked-polls", Twin: "vyukov-parked", Flaw: "a timer wakes sleepers, not the other end",
			New: func(n int) Queue[T] { q := new(polls[T]); q.init(n); return q },
		},
		impls.Bug[New[T]]{
			Name: "gives-up", Twin: "vyukov-parked", Flaw: "a consumer returns without a value after 5 ms",
			New: func(n int) Queue[T] { q := new(givesUp[T]); q.init(n); return q },
		},
		impls.Bug[New[T]]{
			Name: "zero-is-none", Twin: "spin", Flaw: "loses values that are zero",
			New: func(n int) Queue[T] { return &zeroIsNone[T]{Spin[T]{values: newRing[T](n)}} },
		},
		impls.Bug[New[T]]{
			Name: "rounds-down", Twin: "vyukov", Flaw: "has too little room if its capacity is no power of two",
			New: func(n int) Queue[T] { return newRoundsDown[T](n) },
		},
	)
}

// BrokenOfWords returns the seeded bugs of queues for words: those for any type, and
// those of queues that hold only words.
func BrokenOfWords() []impls.Impl[New[uint64]] {
	return append(Broken[uint64](), impls.Seed(OfWords(),
		impls.Bug[New[uint64]]{
			Name: "untagged-index", Twin: "michael-scott-indexed",
			Flaw: "links to reused nodes are indices without a tag",
			New:  func(n int) Queue[uint64] { return newUntagged(n) },
		},
	)...)
}

// BrokenOfPointers returns the seeded bugs that show only where values are pointers: what
// stays reachable.
func BrokenOfPointers[T any]() []impls.Impl[New[*T]] {
	return impls.Seed(All[*T](),
		impls.Bug[New[*T]]{
			Name: "keeps-value", Twin: "mutex", Flaw: "leaves in its slot what was taken out",
			New: func(n int) Queue[*T] { return &kept[*T]{*NewMutex[*T](n)} },
		},
		impls.Bug[New[*T]]{
			Name: "keeps-abandoned", Twin: "segmented", Flaw: "leaves its value in a slot that it could not use",
			New: func(int) Queue[*T] { q := new(keepsAbandoned[*T]); q.init(); return q },
		},
	)
}

// BrokenOfValues returns the seeded bugs that show only where values are interfaces.
func BrokenOfValues() []impls.Impl[New[any]] {
	return impls.Seed(All[any](),
		impls.Bug[New[any]]{
			Name: "nil-is-none", Twin: "michael-scott", Flaw: "loses nil",
			New: func(int) Queue[any] { q := new(nilIsNone[any]); q.init(); return q },
		},
	)
}
