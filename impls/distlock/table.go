package distlock

import "github.com/contendbench/contend/impls"

const (
	leases = "Gray and Cheriton 1989, §2; Burrows 2006, §2.4"
	logged = leases + "; Mohan et al. 1992, §1.1"
)

// All returns every lock of this module, and the control that does not lock.
func All() []impls.Impl[Backend] {
	return []impls.Impl[Backend]{
		impls.Headline(impls.New("local", impls.Mutex, leases, NewLocal(), Fenced)),
		impls.Headline(impls.New("lease", impls.Channel, leases, NewLease(), Expires, Fenced)),
		impls.Headline(impls.New("lease-wal", impls.Channel, logged, NewLeaseWAL(), Expires, Fenced, Durable)),
		impls.Headline(impls.New("flock", impls.Library, "github.com/gofrs/flock v0.13.2", NewFlock(), Released)),
		impls.NewControl("no lock", NewNone()),
	}
}

// Broken returns the seeded bugs.
func Broken() []impls.Impl[Backend] {
	return impls.Seed(
		All(),
		impls.Bug[Backend]{
			Name: "unlock-unowned", Twin: "lease", Flaw: "a release frees the key, whichever client holds it",
			New: Remote{fresh: func() machine { return &unowned{newCore()} }}.backend(),
		},
		impls.Bug[Backend]{
			Name: "stale-unlock-retry", Twin: "lease",
			Flaw: "a repeated release frees what the same client has acquired since",
			New:  Remote{fresh: func() machine { return &byOwner{newCore()} }}.backend(),
		},
		impls.Bug[Backend]{
			Name: "not-checked-after-wait", Twin: "lease",
			Flaw: "checks a waiter's lease before the wait, and not after it",
			New:  Remote{fresh: func() machine { return &notAgain{newCore()} }}.backend(),
		},
		impls.Bug[Backend]{
			Name: "keepalive-outlives", Twin: "lease",
			Flaw: "an open connection keeps the lease of a silent holder alive",
			New:  Remote{fresh: func() machine { return &byConnection{newCore()} }}.backend(),
		},
		impls.Bug[Backend]{
			Name: "token-reused", Twin: "lease-wal", Flaw: "the token counter starts again after a restart",
			New: Remote{fresh: func() machine { return &forgetful{newCore()} }, durable: true}.backend(),
		},
	)
}
