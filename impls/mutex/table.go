package mutex

import (
	"sync"

	"github.com/contendbench/contend/impls"
)

type row = impls.Impl[New]

func promises(p ...impls.Promise) []impls.Promise { return p }

// All returns every lock, and the control that does not lock.
func All() []impls.Impl[New] {
	var (
		fair   = promises(impls.FIFO, impls.StarvationFree, impls.ZeroValue)
		barges = promises(impls.Try, impls.ZeroValue, impls.PanicsOnMisuse)
		queue  = promises(impls.FIFO, impls.StarvationFree, impls.ZeroValue, impls.PanicsOnMisuse)
		all    = promises(impls.FIFO, impls.StarvationFree, impls.Try, impls.ZeroValue, impls.PanicsOnMisuse)
	)
	return []impls.Impl[New]{
		{Name: "sync", Kind: impls.Runtime, Source: "sync.Mutex", Promises: promises(impls.StarvationFree, impls.Try, impls.ZeroValue, impls.FatalOnMisuse), New: newSync},
		{Name: "channel", Kind: impls.Channel, Source: "Effective Go, Concurrency", Promises: promises(impls.Try, impls.PanicsOnMisuse), New: func() sync.Locker { return NewChannel() }},
		{Name: "cond", Kind: impls.Mutex, Source: "Hoare 1974, §2", Promises: promises(impls.Try, impls.PanicsOnMisuse), New: func() sync.Locker { return NewCond() }},
		{Name: "tas", Kind: impls.Spin, Source: "Anderson 1990, §III", Promises: barges, New: func() sync.Locker { return new(TAS) }},
		{Name: "ttas", Kind: impls.Spin, Source: "Rudolph and Segall 1984, §5", Promises: barges, New: func() sync.Locker { return new(TTAS) }},
		{Name: "ttas-backoff", Kind: impls.Spin, Source: "Anderson 1990, §III.B", Promises: barges, New: func() sync.Locker { return new(TTASBackoff) }},
		{Name: "ticket", Kind: impls.Spin, Source: "Reed and Kanodia 1979, §4", Promises: all, New: func() sync.Locker { return new(Ticket) }},
		{Name: "ticket-pure", Kind: impls.Spin, Source: "Mellor-Crummey and Scott 1991, §2.2", Promises: all, New: func() sync.Locker { return new(TicketPure) }},
		{Name: "ticket-backoff", Kind: impls.Spin, Source: "Mellor-Crummey and Scott 1991, §2.2", Promises: all, New: func() sync.Locker { return new(TicketBackoff) }},
		{Name: "anderson", Kind: impls.Spin, Source: "Anderson 1990, §IV; Dice 2011", Promises: fair, New: func() sync.Locker { return new(Anderson) }},
		{Name: "clh", Kind: impls.Atomic, Source: "Craig 1993, §3", Promises: queue, New: func() sync.Locker { return new(CLH) }},
		{Name: "mcs", Kind: impls.Atomic, Source: "Mellor-Crummey and Scott 1991, §2.4", Promises: all, New: func() sync.Locker { return new(MCS) }},
		{Name: "k42", Kind: impls.Atomic, Source: "Scott 2013, §4.3.1", Promises: all, New: func() sync.Locker { return new(K42) }},
		{Name: "cohort", Kind: impls.Atomic, Source: "Dice, Marathe and Shavit 2012, §3.5", Promises: promises(impls.StarvationFree, impls.ZeroValue, impls.PanicsOnMisuse), New: func() sync.Locker { return new(Cohort) }},
		{Name: "malthusian", Kind: impls.Atomic, Source: "Dice 2017, §4", Promises: promises(impls.StarvationFree, impls.ZeroValue, impls.PanicsOnMisuse), New: func() sync.Locker { return new(Malthusian) }},
		{Name: "spin-park", Kind: impls.Channel, Source: "Drepper 2011, §6", Promises: promises(impls.Try, impls.PanicsOnMisuse), New: func() sync.Locker { return NewSpinPark() }},
		{Name: "fifo-park", Kind: impls.Mutex, Source: "Lea 2005, §3", Promises: all, New: func() sync.Locker { return new(FIFOPark) }},
		{Name: "moby-locker", Kind: impls.Library, Source: "github.com/moby/locker v1.0.1", Promises: promises(impls.PanicsOnMisuse), New: func() sync.Locker { return NewMoby() }},
		{Name: "go-deadlock", Kind: impls.Library, Source: "github.com/sasha-s/go-deadlock v0.3.9", Promises: promises(impls.ZeroValue, impls.FatalOnMisuse), New: newDeadlock},
		{Name: "none", Kind: impls.Control, Role: impls.Noop, Source: "no lock", New: func() sync.Locker { return None{} }},
	}
}

// Broken returns the seeded bugs.
func Broken() []impls.Impl[New] {
	try := promises(impls.Try)
	return []impls.Impl[New]{
		bug("tas-load-store", "tas", "the test and the set are apart", nil, func() sync.Locker { return new(tasLoadStore) }),
		bug("mcs-no-wait", "mcs", "unlock does not wait for a successor that is still linking itself", nil, func() sync.Locker { return new(mcsNoWait) }),
		bug("clh-early-reuse", "clh", "the node is used again while the successor watches it", nil, func() sync.Locker { return new(clhEarlyReuse) }),
		bug("park-no-recheck", "spin-park", "sleeps without looking at the lock once more", nil, func() sync.Locker { return &parkNoRecheck{SpinPark{wake: make(chan struct{}, 1)}} }),
		bug("ticket-8bit", "ticket", "numbers wrap after 256 waiters", nil, func() sync.Locker { return new(ticket8Bit) }),
		bug("trylock-lies", "ttas", "TryLock ignores that its compare-and-swap was lost", try, func() sync.Locker { return new(tryLockLies) }),
	}
}

func bug(name, twin, flaw string, p []impls.Promise, newLock New) row {
	return row{Name: name, Kind: impls.Control, Role: impls.Bug, Source: "seeded", Twin: twin, Flaw: flaw, Promises: p, New: newLock}
}

// Delegates returns every delegation lock, and every lock as a delegate.
func Delegates() []impls.Impl[NewDoer] {
	return append([]impls.Impl[NewDoer]{
		{Name: "flat-combining", Kind: impls.Atomic, Source: "Hendler, Incze, Shavit and Tzafrir 2010, §2", Promises: promises(impls.StarvationFree, impls.ZeroValue), New: func() Doer { return new(FlatCombining) }},
		{Name: "owner", Kind: impls.Channel, Source: "Hoare 1978, §5", Promises: promises(impls.StarvationFree), New: func() Doer { return NewOwner() }},
	}, Adapt(All())...)
}

// Adapt makes a delegate of every lock in a table.
func Adapt(table []impls.Impl[New]) []impls.Impl[NewDoer] {
	var out []impls.Impl[NewDoer]
	for _, i := range table {
		out = append(out, impls.With(i, Delegate(i.New)))
	}
	return out
}
