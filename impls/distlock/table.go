package distlock

import "github.com/contendbench/contend/impls"

const (
	leases = "Gray and Cheriton 1989, §2; Burrows 2006, §2.4"
	logged = leases + "; Mohan et al. 1992, §1.1"
)

var (
	remote = []impls.Promise{impls.Expires, impls.Fenced}
	stored = []impls.Promise{impls.Expires, impls.Fenced, impls.Durable}
)

// All returns every lock of this module, and the control that does not lock.
func All() []impls.Impl[Backend] {
	return []impls.Impl[Backend]{
		{Name: "local", Kind: impls.Mutex, Source: leases, Promises: []impls.Promise{impls.Fenced}, New: NewLocal()},
		{Name: "lease", Kind: impls.Channel, Source: leases, Promises: remote, New: NewLease()},
		{Name: "lease-wal", Kind: impls.Channel, Source: logged, Promises: stored, New: NewLeaseWAL()},
		{Name: "flock", Kind: impls.Library, Source: "github.com/gofrs/flock v0.13.2", Promises: []impls.Promise{impls.Released}, New: NewFlock()},
		{Name: "none", Kind: impls.Control, Role: impls.Noop, Source: "no lock", New: NewNone()},
	}
}

// Broken returns the seeded bugs.
func Broken() []impls.Impl[Backend] {
	bug := func(name, twin, flaw string, p []impls.Promise, durable bool, fresh func() machine) impls.Impl[Backend] {
		return impls.Impl[Backend]{
			Name: name, Kind: impls.Control, Role: impls.Bug, Source: "seeded", Twin: twin, Flaw: flaw, Promises: p,
			New: Remote{fresh, durable}.backend(),
		}
	}
	return []impls.Impl[Backend]{
		bug("unlock-unowned", "lease", "a release frees the key, whoever holds it", remote, false, func() machine { return &unowned{newCore()} }),
		bug("stale-unlock-retry", "lease", "a release that comes again frees what the same client has acquired since", remote, false, func() machine { return &byOwner{newCore()} }),
		bug("not-checked-after-wait", "lease", "a waiter's lease is checked before the wait and not after", remote, false, func() machine { return &notAgain{newCore()} }),
		bug("keepalive-outlives", "lease", "an open connection keeps the lease of a holder alive that is not", remote, false, func() machine { return &byConnection{newCore()} }),
		bug("token-reused", "lease-wal", "the counter of tokens begins anew after a restart", stored, true, func() machine { return &forgetful{newCore()} }),
	}
}
