package pessimistic

import "github.com/contendbench/contend/impls/txn"

// stripedTx is a Tx that changes what it has locked in place.
type stripedTx struct {
	txn.Lifetime
	store *striped
	plan  *plan // of the next attempt
	held  plan
	reads mode // how it locks what it reads
	// touch is what happens when the transaction touches a stripe that it has not locked.
	// It locks the stripe, or returns an error.
	touch func(tx *stripedTx, stripe int, m mode) error
	old   []pair // in the order of the changes
	err   error  // of an earlier call; the transaction is doomed
}

// need locks a stripe, unless the transaction has.
func (tx *stripedTx) need(stripe int, m mode) error {
	if tx.err != nil || tx.held.exclusive.has(stripe) || m == shared && tx.held.shared.has(stripe) {
		return tx.err
	}
	if tx.err = tx.touch(tx, stripe, m); tx.err != nil {
		tx.plan.shared.addAll(&tx.held.shared)
		tx.plan.exclusive.addAll(&tx.held.exclusive)
		tx.plan.add(stripe, m)
		return tx.err
	}
	tx.held.add(stripe, m)
	return nil
}

// needAll locks stripes to read them.
func (tx *stripedTx) needAll(set *stripes) error {
	for stripe := range set.all() {
		if err := tx.need(stripe, tx.reads); err != nil {
			for i := range set.all() { // the next attempt needs all of them
				tx.plan.add(i, tx.reads)
			}
			return err
		}
	}
	return tx.err
}

func (tx *stripedTx) Get(key uint64) ([]byte, error) {
	if err := tx.CanRead(); err != nil {
		return nil, err
	}
	if err := tx.need(tx.store.stripeOf(key), tx.reads); err != nil {
		return nil, err
	}
	return tx.store.get(key), nil
}

func (tx *stripedTx) Put(key uint64, value []byte) error { return tx.set(key, copied(value)) }

func (tx *stripedTx) Delete(key uint64) error { return tx.set(key, nil) }

func (tx *stripedTx) set(key uint64, value []byte) error {
	if err := tx.CanWrite(); err != nil {
		return err
	}
	if err := tx.need(tx.store.stripeOf(key), exclusive); err != nil {
		return err
	}
	tx.old = append(tx.old, pair{key, tx.store.set(key, value)})
	return nil
}

func (tx *stripedTx) Scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	if err := tx.CanRead(); err != nil {
		return err
	}
	if first > last {
		return tx.err
	}
	set := tx.store.stripesOf(first, last)
	if err := tx.needAll(&set); err != nil {
		return err
	}
	tx.store.scan(first, last, visit)
	return nil
}

// rollBack restores the old values, the latest change first.
func (tx *stripedTx) rollBack() {
	for i := len(tx.old) - 1; i >= 0; i-- {
		tx.store.set(tx.old[i].key, tx.old[i].value)
	}
}
