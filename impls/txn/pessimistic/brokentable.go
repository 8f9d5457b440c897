package pessimistic

import (
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/txn"
)

// Broken returns the seeded bugs.
func Broken() []impls.Impl[txn.Backend] {
	return impls.Seed(All(), append(ruleBugs(), storeBugs()...)...)
}

// ruleBugs are those of two-phase locking with other rules.
func ruleBugs() (bugs []impls.Bug[txn.Backend]) {
	for _, b := range []struct {
		name, twin, flaw string
		rules            func() rules
	}{
		{
			"undoes-late", "wound-wait", "others see and lose changes between the release of the locks and the rollback",
			func() rules { return undoesLate{} },
		},
		{
			"undoes-forward", "no-wait", "after a rollback, a key that was changed twice keeps the first of the changes",
			func() rules { return undoesForward{} },
		},
		{
			"dies-of-younger", "wait-die", "a transaction dies of each younger one, and starves among short ones",
			func() rules { return diesOfYounger{} },
		},
		{
			"asks-one", "wait-die", "a transaction waits for an older one among several, which may wait for it",
			func() rules { return asksOne{} },
		},
		{
			"passes-writers", "deadlock-detection", "a writer starves while readers come",
			func() rules { return new(passesWriters) },
		},
		{
			"inserts-into-gaps", "no-wait", "a key appears in a range that a transaction under way has scanned",
			func() rules { return insertsIntoGaps{} },
		},
		{
			"wounds-unheard", "wound-wait", "a wounded transaction that waits does not learn it, and may wait forever",
			func() rules { return woundsUnheard{} },
		},
		{
			"stays-queued", "wound-wait", "a lock is given to a transaction that does not wait any more",
			func() rules { return staysQueued{} },
		},
		{
			"sees-holders", "deadlock-detection", "a cycle through a waiter that is ahead in a queue is not found",
			func() rules { return new(seesHolders) },
		},
		{
			"upgrades-by-release", "deadlock-detection", "what a transaction has read may change before it writes",
			func() rules { return new(upgradesByRelease) },
		},
	} {
		open := func(o txn.Options) txn.Store { return newTwoPhase(o, b.rules()) }
		bugs = append(bugs, impls.Bug[txn.Backend]{Name: b.name, Twin: b.twin, Flaw: b.flaw, New: txn.InMemory(open)})
	}
	return bugs
}

// storeBugs are those that are stores of their own.
func storeBugs() []impls.Bug[txn.Backend] {
	return []impls.Bug[txn.Backend]{
		{
			Name: "reborn", Twin: "wait-die", Flaw: "a long transaction is the youngest in each attempt, and dies again",
			New: txn.InMemory(func(o txn.Options) txn.Store { return &reborn{newTwoPhase(o, WaitDie{})} }),
		},
		{
			Name: "reorders-locks", Twin: "sharded", Flaw: "others see and change what a transaction under way has locked",
			New: txn.InMemory(func(o txn.Options) txn.Store { return &reordersLocks{NewSharded(o)} }),
		},
		{
			Name: "applies-scouted", Twin: "ordered", Flaw: "what a transaction has read may change before its writes count",
			New: txn.InMemory(func(o txn.Options) txn.Store { return &appliesScouted{NewOrdered(o)} }),
		},
	}
}
