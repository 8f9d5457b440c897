package serializable

import (
	"fmt"
	"strings"
)

// Anomaly is what a history shows, and its level forbids. It is an error.
type Anomaly struct {
	Class Class
	// Transactions are those of the cycle, in its order, or those that contradict each
	// other.
	Transactions []Transaction
	// Cycle has an edge from each of the Transactions to the next one, and from the last to
	// the first. It is empty if the anomaly is no cycle.
	Cycle []Edge
	// Why says what is wrong, if the anomaly is no cycle.
	Why string
}

// EdgeKind is what an edge of a cycle means.
type EdgeKind uint8

// The kinds of edges from one transaction to another.
const (
	WriteWrite         EdgeKind = iota // the other one appended after it
	WriteRead                          // the other one read what it appended
	ReadWrite                          // it read a list to which the other one then appended
	PredicateReadWrite                 // it scanned a range in which the other one then made a key
	RealTime                           // it ended before the other one began
	unseenWrite                        // WriteWrite, where no read saw the append of the other one
	via                                // from a node that stands for several edges
)

var edgeNames = [...]string{
	WriteWrite: "ww", WriteRead: "wr", ReadWrite: "rw", PredicateReadWrite: "prw", RealTime: "rt", unseenWrite: "ww",
}

func (k EdgeKind) String() string {
	if int(k) >= len(edgeNames) {
		return fmt.Sprintf("EdgeKind(%d)", uint8(k))
	}
	return edgeNames[k]
}

// Edge says why a transaction must come before the next one of a cycle.
type Edge struct {
	Kind EdgeKind
	Key  uint64 // unless Kind is RealTime
	Why  string
}

// Path returns the cycle on one line, such as "T1 -rw(x)-> T2 -rw(y)-> T1". If there is
// none, it returns the names of the transactions.
func (a *Anomaly) Path() string {
	var b strings.Builder
	for i, t := range a.Transactions {
		if i > 0 && len(a.Cycle) == 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.Name)
		if i >= len(a.Cycle) {
			continue
		}
		if e := a.Cycle[i]; e.Kind == RealTime {
			b.WriteString(" -rt-> ")
		} else {
			fmt.Fprintf(&b, " -%v(%s)-> ", e.Kind, keyName(e.Key))
		}
	}
	if len(a.Cycle) > 0 {
		b.WriteString(a.Transactions[0].Name)
	}
	return b.String()
}

// Error returns the anomaly in words, with its transactions as Parse reads them.
func (a *Anomaly) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v: %s: ", a.Class, classes[a.Class].meaning)
	if len(a.Cycle) == 0 {
		b.WriteString(a.Why)
	} else {
		b.WriteString(a.Path())
	}
	for i, e := range a.Cycle {
		next := a.Transactions[(i+1)%len(a.Transactions)]
		fmt.Fprintf(&b, "\n%s before %s: %s", a.Transactions[i].Name, next.Name, e.Why)
	}
	for _, t := range a.Transactions {
		b.WriteString("\n" + t.String())
	}
	return b.String()
}
