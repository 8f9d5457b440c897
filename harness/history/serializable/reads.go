package serializable

import (
	"fmt"
	"slices"
	"sort"
)

// maxBranches is how many contradicting lists of a key are kept. More tell nothing new.
const maxBranches = 8

// reads observes the lists that a transaction saw. own is a buffer, which it returns.
func (o *observations) reads(t int32, own []appended) []appended {
	own = own[:0]
	ops := o.history[t].Ops
	for i := range ops {
		if ops[i].Kind == Append {
			own = append(own, appended{ident{o.keyID(ops[i].Key), ops[i].Value}, i})
		}
	}
	for i := range ops {
		switch op := &ops[i]; op.Kind {
		case Read:
			o.list(t, i, o.keyID(op.Key), op.List, own)
		case Scan:
			o.scan(t, i, own)
		}
	}
	return own
}

// scan observes the scan that is operation i of a transaction.
func (o *observations) scan(t int32, i int, own []appended) {
	op := &o.history[t].Ops[i]
	for j, l := range op.Lists {
		if l.Key < op.Key || l.Key > op.Last || j > 0 && l.Key <= op.Lists[j-1].Key {
			o.report(BadScan, fmt.Sprintf("%s saw %s in %v", o.name(t), keyName(l.Key), op), t)
			return
		}
	}
	at := sort.Search(len(o.sorted), func(i int) bool { return o.keys[o.sorted[i]].key >= op.Key })
	missed := func(until uint64, included bool) { // from at
		for ; at < len(o.sorted); at++ {
			k := o.sorted[at]
			if key := o.keys[k].key; key > until || key == until && !included {
				return
			}
			if slices.ContainsFunc(own, func(a appended) bool { return a.key == k && a.op < i }) {
				o.report(Internal, fmt.Sprintf("%s appended to %s, and its scan missed it", o.name(t), keyName(o.keys[k].key)), t)
				continue
			}
			o.views = append(o.views, view{txn: t, key: k, branch: none, predicate: true})
		}
	}
	for _, l := range op.Lists {
		k := o.keyID(l.Key)
		missed(l.Key, false)
		if at < len(o.sorted) && o.sorted[at] == k {
			at++
		}
		o.list(t, i, k, l.Values, own)
	}
	missed(op.Last, true)
}

// list observes a list that operation i of a transaction saw.
func (o *observations) list(t int32, i int, k int32, list []uint64, own []appended) {
	base := len(list)
	for j := len(own) - 1; j >= 0; j-- {
		a := own[j]
		switch {
		case a.key != k:
		case a.op > i:
			if slices.Contains(list, a.value) {
				o.report(Internal, fmt.Sprintf("%s read %s of %s, and appended %d only later",
					o.name(t), brief(list), keyName(o.keys[k].key), a.value), t)
				return
			}
		case base == 0 || list[base-1] != a.value:
			o.report(Internal, fmt.Sprintf("%s appended %d to %s, and then read %s",
				o.name(t), a.value, keyName(o.keys[k].key), brief(list)), t)
			return
		default:
			base--
		}
	}
	b := none
	if len(list) > 0 {
		if b = o.place(t, k, list); b == none {
			return
		}
	}
	o.views = append(o.views, view{txn: t, key: k, branch: b, base: int32(base)})
}

// place finds the branch of which the list is a part, or makes the list a branch. It
// returns none if the list cannot be one.
func (o *observations) place(t, k int32, list []uint64) int32 {
	key := &o.keys[k]
	nearest, common := 0, -1
	for i := range key.branches {
		b := &key.branches[i]
		n := min(len(b.values), len(list))
		if slices.Equal(b.values[:n], list[:n]) {
			if !o.extend(t, k, b, list) {
				return none
			}
			return int32(i)
		}
		if same := commonPrefix(b.values, list); same > common {
			nearest, common = i, same
		}
	}
	if len(key.branches) == maxBranches {
		return none
	}
	var fresh branch
	if common > 0 {
		old := key.branches[nearest]
		fresh = branch{
			slices.Clone(old.values[:common]), slices.Clone(old.writes[:common]), slices.Clone(old.readers[:common]),
		}
	}
	ok := o.extend(t, k, &fresh, list)
	if common >= 0 && len(fresh.writes) > common {
		o.forked(t, k, key.branches[nearest], fresh, common)
	}
	key.branches = append(key.branches, fresh)
	if !ok {
		return none
	}
	return int32(len(key.branches) - 1)
}

func commonPrefix(a, b []uint64) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// extend adds the rest of a list to a branch that is a prefix of it. It returns false if a
// number is in the list twice.
func (o *observations) extend(t, k int32, b *branch, list []uint64) bool {
	for i := len(b.values); i < len(list); i++ {
		id, ok := o.ids[ident{k, list[i]}]
		if !ok {
			o.report(Garbage, fmt.Sprintf("%s read %s of %s, and no transaction appended %d",
				o.name(t), brief(list[:i+1]), keyName(o.keys[k].key), list[i]), t)
			id = int32(len(o.writes))
			o.ids[ident{k, list[i]}] = id
			o.writes = append(o.writes, write{key: k, txn: none, value: list[i], last: true})
		}
		w := &o.writes[id]
		if w.seen && slices.Contains(b.values, list[i]) {
			o.report(Duplicate, fmt.Sprintf("%s read %s of %s, with %d twice",
				o.name(t), brief(list[:i+1]), keyName(o.keys[k].key), list[i]), t, w.txn)
			return false
		}
		w.seen = true
		b.values, b.writes, b.readers = append(b.values, list[i]), append(b.writes, id), append(b.readers, t)
		o.seen(t, id)
	}
	return true
}

// seen notes that a transaction that took effect saw a write.
func (o *observations) seen(t, w int32) {
	writer := o.writes[w].txn
	switch {
	case writer == none || o.took[writer]:
	case o.history[writer].Outcome == Aborted:
		key := o.keys[o.writes[w].key].key
		o.report(G1a, fmt.Sprintf("%s saw %s to %s, and %s aborted",
			o.name(t), o.appendOf(w), keyName(key), o.name(writer)), t, writer)
	default:
		o.took[writer] = true
		o.todo = append(o.todo, writer)
	}
}

// forked reports that a transaction saw a list that contradicts a branch.
func (o *observations) forked(t, k int32, old, fresh branch, common int) {
	a, b := old.writes[common], fresh.writes[common]
	reader := old.readers[common]
	why := fmt.Sprintf("%s read %s of %s, and %s read %s", o.name(reader), brief(old.values[:common+1]),
		keyName(o.keys[k].key), o.name(t), brief(fresh.values[:common+1]))
	one, two := o.writes[a].txn, o.writes[b].txn
	switch {
	case one == two || slices.Contains(fresh.writes, a) || slices.Contains(old.writes, b):
		o.report(IncompatibleOrder, why, reader, t, one, two)
	case one == none || two == none || !o.took[one] || !o.took[two]: // G1a or Garbage
	default:
		why += fmt.Sprintf(": %s and %s were made to one list, so one of them is lost", o.appendOf(a), o.appendOf(b))
		o.report(LostUpdate, why, one, two, reader, t)
	}
}

// brief returns a list, without its middle if it is long.
func brief(list []uint64) string {
	const most = 6
	if len(list) <= most {
		return "[" + numbers(list) + "]"
	}
	return "[… " + numbers(list[len(list)-most:]) + "]"
}
