package serializable

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// An event is the start or the end of a transaction.
type event struct {
	time    int64
	txn     int
	end     bool
	process int
}

// WriteEDN writes a history in the form that the list-append checker of Elle reads: a map
// a line for each start and end of a transaction, in the order of time.
//
// Elle has no scans. A scan is written as reads of the keys that it saw, so Elle finds no
// phantoms. A client that began a transaction before the end of its last one, or whose last
// one has an unknown outcome, continues as another process, since a process of Elle's
// makes one transaction after the other. The times must be set.
//
// Source: github.com/jepsen-io/elle, README, "Observed Histories".
func WriteEDN(w io.Writer, h []Transaction) error {
	out := bufio.NewWriter(w)
	for i, e := range events(h) {
		t := &h[e.txn]
		kind := "invoke"
		if e.end {
			kind = map[Outcome]string{Committed: "ok", Aborted: "fail", Unknown: "info"}[t.Outcome]
		}
		// An error of a write is also the error of Flush.
		fmt.Fprintf(out, "{:index %d, :time %d, :type :%s, :process %d, :f :txn, :value [%s]}\n",
			i, e.time, kind, e.process, microOps(t.Ops, e.end && t.Outcome == Committed))
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing a history of %d transactions: %w", len(h), err)
	}
	return nil
}

// events returns the events of a history in the order of time.
func events(h []Transaction) []event {
	all := make([]event, 0, 2*len(h))
	fresh := 0 // the next process that is no client's
	for i := range h {
		all = append(all, event{time: h[i].Begin, txn: i}, event{time: h[i].End, txn: i, end: true})
		fresh = max(fresh, h[i].Client+1)
	}
	slices.SortStableFunc(all, func(a, b event) int { return cmp.Compare(a.time, b.time) })
	busy := map[int]bool{}         // the processes that run a transaction
	process := map[int]int{}       // of a client
	started := make([]int, len(h)) // process of each transaction
	for i := range all {
		e := &all[i]
		if e.end {
			e.process = started[e.txn]
			if h[e.txn].Outcome != Unknown {
				delete(busy, e.process)
			}
			continue
		}
		client := h[e.txn].Client
		p, ok := process[client]
		if !ok {
			p = client
		}
		if busy[p] {
			p = fresh
			fresh++
		}
		process[client], busy[p], started[e.txn], e.process = p, true, p, p
	}
	return all
}

// microOps returns operations in Elle's form, with what they read or without.
func microOps(ops []Op, results bool) string {
	var all []string
	read := func(key uint64, list []uint64) {
		result := "nil"
		if results {
			result = "[" + numbers(list) + "]"
		}
		all = append(all, fmt.Sprintf("[:r %d %s]", key, result))
	}
	for _, op := range ops {
		switch op.Kind {
		case Append:
			all = append(all, fmt.Sprintf("[:append %d %d]", op.Key, op.Value))
		case Read:
			read(op.Key, op.List)
		case Scan:
			for _, l := range op.Lists {
				read(l.Key, l.Values)
			}
		}
	}
	return strings.Join(all, " ")
}
