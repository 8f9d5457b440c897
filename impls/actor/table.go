package actor

import (
	"slices"

	"github.com/contendbench/contend/impls"
)

// All returns every actor system.
func All() []impls.Impl[New] {
	var (
		bounded   = []impls.Promise{Asks, Supervised, Forgets, DrainsChildren, impls.Bounded}
		unbounded = []impls.Promise{Asks, Supervised, Forgets, DrainsChildren, impls.Unbounded}
		policy    = func(p impls.Promise) []impls.Promise { return slices.Concat(bounded, []impls.Promise{p}) }
	)
	return []impls.Impl[New]{
		impls.Headline(fewer(impls.New("channel", impls.Channel, "Effective Go, Share by communicating",
			NewChannel, policy(Blocks)...))),
		impls.Headline(fewer(impls.New("cond", impls.Mutex, "Hoare 1974, §4", NewCond, unbounded...))),
		impls.Headline(impls.New("vyukov", impls.Atomic, "Vyukov 2010, 1024cores.net", NewVyukov, unbounded...)),
		impls.Headline(impls.New("segmented", impls.Atomic, "Adas and Friedman 2020, Jiffy", NewSegmented, unbounded...)),
		impls.Headline(impls.New("double-buffer", impls.Mutex, "Nystrom 2014, Double Buffer", NewDoubleBuffer, unbounded...)),
		fewer(impls.New("ring-block", impls.Mutex, "Hoare 1974, §4", NewRingBlock, policy(Blocks)...)),
		fewer(impls.New("ring-drop", impls.Mutex, "Hoare 1974, §4", NewRingDrop, policy(Drops)...)),
		fewer(impls.New("ring-refuse", impls.Mutex, "Hoare 1974, §4", NewRingRefuse, policy(Refuses)...)),
		impls.Headline(fewer(impls.New("protoactor-go", impls.Library,
			"github.com/asynkron/protoactor-go v0.0.0-20240822202345-3c0e61ca19c9", NewProtoActor, Asks, Supervised, impls.Unbounded))),
		impls.New("phony", impls.Library, "github.com/Arceliar/phony v0.0.0-20220903101357-530938a4b13d",
			NewPhony, Asks, Forgets, DrainsChildren, impls.Unbounded),
		fewer(impls.New("suture", impls.Library, "github.com/thejerf/suture/v4 v4.0.6", NewSuture, policy(Blocks)...)),
	}
}

// fewer bounds the actors of a system whose idle actors take kilobytes: a million would
// take gigabytes.
func fewer(i impls.Impl[New]) impls.Impl[New] { return impls.UpTo("actors", 100_000, i) }

// Broken returns the seeded bugs.
func Broken() []impls.Impl[New] {
	return impls.Seed(All(), slices.Concat(brokenMailboxes(), brokenSupervisors())...)
}

func brokenMailboxes() []impls.Bug[New] {
	lined := func(open func() (*vyukov, mailbox)) New {
		return func(workers int) System {
			d := new(dispatcher)
			return newVyukov(workers, d, d, open)
		}
	}
	locks := func(r rules, open func() (*locked, mailbox)) New {
		return func(int) System { return newLocked(r, open) }
	}
	return []impls.Bug[New]{
		{
			Name: "idle-unchecked", Twin: "vyukov", Flaw: "clears its flag and does not look into the mailbox again",
			New: lined(func() (*vyukov, mailbox) { a := new(idleUnchecked); return &a.vyukov, a }),
		},
		{
			Name: "scheduled-twice", Twin: "vyukov", Flaw: "two senders schedule an actor that each found idle",
			New: lined(func() (*vyukov, mailbox) { a := new(scheduledTwice); return &a.vyukov, a }),
		},
		{
			Name: "parks-blind", Twin: "vyukov", Flaw: "a dispatcher parks although an actor was scheduled since it looked",
			New: func(workers int) System {
				d := new(parksBlind)
				return newVyukov(workers, &d.dispatcher, d, openVyukov)
			},
		},
		{
			Name: "lost-in-growth", Twin: "cond", Flaw: "a ring that grows loses what had wrapped around",
			New: locks(grows, func() (*locked, mailbox) { a := new(lostInGrowth); return &a.locked, a }),
		},
		{
			Name: "drain-lost", Twin: "cond", Flaw: "a stop forgets what is in the mailbox",
			New: locks(grows, func() (*locked, mailbox) { a := new(drainLost); return &a.locked, a }),
		},
		{
			Name: "last-asker", Twin: "cond", Flaw: "a reply goes to whichever asker came last",
			New: locks(grows, func() (*locked, mailbox) { a := new(lastAsker); return &a.locked, a }),
		},
		{
			Name: "drops-uncounted", Twin: "ring-drop", Flaw: "a dropped message is not counted",
			New: locks(bounded(drops), func() (*locked, mailbox) { a := new(dropsUncounted); return &a.locked, a }),
		},
		{
			Name: "deaf-senders", Twin: "ring-block", Flaw: "a sender waits forever for room in an actor that has stopped",
			New: locks(bounded(blocks), func() (*locked, mailbox) { a := new(deafSenders); return &a.locked, a }),
		},
		{
			Name: "freed-unheard", Twin: "ring-block", Flaw: "wakes one sender where several have room",
			New: locks(bounded(blocks), func() (*locked, mailbox) { a := new(freedUnheard); return &a.locked, a }),
		},
	}
}

func brokenSupervisors() []impls.Bug[New] {
	with := func(s strategy) New {
		return func(int) System {
			system := newLocked(grows, openLocked)
			system.strategy = s
			return system
		}
	}
	return []impls.Bug[New]{
		{
			Name: "keeps-state", Twin: "cond", Flaw: "a restarted actor has the state in which it panicked",
			New: with(keepsState{}),
		},
		{
			Name: "limit-forever", Twin: "cond", Flaw: "restarts count beyond the time within which they should",
			New: with(limitForever{}),
		},
		{
			Name: "no-limit", Twin: "cond", Flaw: "restarts an actor however often it fails",
			New: with(noLimit{}),
		},
		{
			Name: "orphans", Twin: "cond", Flaw: "the children of a restarted actor do not stop",
			New: with(orphans{}),
		},
		{
			Name: "limit-carries", Twin: "cond", Flaw: "a restarted supervisor still counts what it restarted before",
			New: with(limitCarries{}),
		},
		{
			Name: "barren-lives", Twin: "cond", Flaw: "an actor whose New panics at a restart goes on with its old state",
			New: with(barrenLives{}),
		},
	}
}
