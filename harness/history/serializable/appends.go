package serializable

import (
	"fmt"
	"slices"
)

// none stands for no transaction, append or list.
const none = int32(-1)

// A write is an append of the history.
type write struct {
	key   int32 // of observations.keys
	txn   int32 // of the history, or none: a number that no transaction appended
	op    int32
	value uint64
	seen  bool // in a list
	last  bool // of its transaction to this key
}

// An ident identifies a write.
type ident struct {
	key   int32
	value uint64
}

// A keyOrder is what reads of a key told of the order of the writes to it.
type keyOrder struct {
	key uint64
	// branches are lists of which none is a prefix of another one. More than one
	// contradict each other, at least for a level that forbids lost updates.
	branches []branch
	writer   int32 // the last transaction that appended to it, while the appends are collected
	write    int32 // its last write
	unseen   []int32
}

// A branch is a list of a key.
type branch struct {
	values  []uint64
	writes  []int32 // of the values
	readers []int32 // the first transaction that saw each value there
}

// A view is a list that a transaction saw: the first base writes of a branch, and its own
// writes after them.
type view struct {
	txn, key  int32
	branch    int32 // none: the list was empty
	base      int32
	predicate bool // a scan missed the key
}

// An appended is a number that the transaction at hand appends.
type appended struct {
	ident
	op int
}

// observations are what the reads of a history tell of its appends.
type observations struct {
	history []Transaction
	keys    []keyOrder
	keyIDs  map[uint64]int32
	sorted  []int32 // keys, ascending
	writes  []write
	ids     map[ident]int32
	// took says which transactions took effect: those that committed, and those with an
	// unknown outcome that another one that took effect has seen.
	took  []bool
	todo  []int32 // took effect, and their reads are not yet observed
	views []view
	found [numClasses]*Anomaly // the first one of each class
}

// observe reads the lists of a history.
func observe(h []Transaction) *observations {
	ops := 0
	for i := range h {
		ops += len(h[i].Ops)
	}
	o := &observations{
		history: h, keyIDs: map[uint64]int32{}, ids: make(map[ident]int32, ops/2), took: make([]bool, len(h)),
		views: make([]view, 0, ops),
	}
	for i := range h {
		o.collect(int32(i))
	}
	o.sorted = make([]int32, len(o.keys))
	for i := range o.sorted {
		o.sorted[i] = int32(i)
	}
	slices.SortFunc(o.sorted, func(a, b int32) int {
		if o.keys[a].key < o.keys[b].key {
			return -1
		}
		return 1
	})
	var own []appended
	for i := range h {
		if h[i].Outcome == Committed {
			o.took[i] = true
			own = o.reads(int32(i), own)
		}
	}
	for len(o.todo) > 0 {
		t := o.todo[len(o.todo)-1]
		o.todo = o.todo[:len(o.todo)-1]
		own = o.reads(t, own)
	}
	for w := range o.writes {
		if one := &o.writes[w]; !one.seen && one.txn != none && o.took[one.txn] {
			k := &o.keys[one.key]
			if n := len(k.unseen); n == 0 || o.writes[k.unseen[n-1]].txn != one.txn {
				k.unseen = append(k.unseen, int32(w))
			}
		}
	}
	return o
}

// collect adds the appends of a transaction.
func (o *observations) collect(t int32) {
	for i := range o.history[t].Ops {
		op := &o.history[t].Ops[i]
		if op.Kind != Append {
			continue
		}
		k := o.keyID(op.Key)
		id := int32(len(o.writes))
		if before, ok := o.ids[ident{k, op.Value}]; ok {
			o.report(Malformed, fmt.Sprintf("%d is appended to %s twice", op.Value, keyName(op.Key)), o.writes[before].txn, t)
			continue
		}
		o.ids[ident{k, op.Value}] = id
		o.writes = append(o.writes, write{key: k, txn: t, op: int32(i), value: op.Value, last: true})
		if one := &o.keys[k]; one.writer == t {
			o.writes[one.write].last = false
		}
		o.keys[k].writer, o.keys[k].write = t, id
	}
}

func (o *observations) keyID(key uint64) int32 {
	k, ok := o.keyIDs[key]
	if !ok {
		k = int32(len(o.keys))
		o.keyIDs[key] = k
		o.keys = append(o.keys, keyOrder{key: key, writer: none})
	}
	return k
}

// report notes a contradiction between transactions, if it is the first one of its class.
func (o *observations) report(c Class, why string, txns ...int32) {
	if o.found[c] != nil {
		return
	}
	a := &Anomaly{Class: c, Why: why}
	for i, t := range txns {
		if t != none && !slices.Contains(txns[:i], t) {
			a.Transactions = append(a.Transactions, o.history[t])
		}
	}
	o.found[c] = a
}

// name returns the name of a transaction.
func (o *observations) name(t int32) string {
	if t == none {
		return "no transaction"
	}
	return o.history[t].Name
}

// appendOf returns a write in words.
func (o *observations) appendOf(w int32) string {
	return fmt.Sprintf("%s's append of %d", o.name(o.writes[w].txn), o.writes[w].value)
}
