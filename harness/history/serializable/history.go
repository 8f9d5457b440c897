// Package serializable checks what transactions saw of each other.
//
// The transactions of a history append numbers to lists, each number once, and read lists.
// A list that was read says in which order the numbers came into it, so reads tell which
// transaction came before which. A cycle of such orders is an anomaly. Its edges tell which
// level of isolation forbids it.
//
// Check looks for what a level forbids, and Anomalies for one anomaly of each class. Parse
// reads a history in text, and WriteEDN writes one for Elle.
//
// observe finds the order of the appends to each key, newGraph the edges between the
// transactions, and a finder the shortest cycles.
//
// Source: Adya 1999, "Weak Consistency: A Generalized Theory and Optimistic Implementations
// for Distributed Transactions", §§3 and 4; Kingsbury and Alvaro 2020, "Elle: Inferring
// Isolation Anomalies from Experimental Observations", VLDB 14(3), §§3 to 5.
package serializable

// Kind is what an operation does.
type Kind uint8

// The kinds of operations.
const (
	Append Kind = iota // Value to the list of Key
	Read               // the list of Key
	Scan               // the lists of the keys from Key to Last, both included
)

// Op is one operation of a transaction.
type Op struct {
	Kind  Kind
	Key   uint64
	Value uint64   // of an Append: no other Append of the history to this key has it
	List  []uint64 // that a Read saw; empty: the key had no list
	Last  uint64   // of a Scan
	Lists []List   // that a Scan saw, keys ascending
}

// List is a key and its list.
type List struct {
	Key    uint64
	Values []uint64
}

// Outcome is how a transaction ended.
type Outcome uint8

// The outcomes. A transaction that is Unknown may have committed.
const (
	Committed Outcome = iota
	Aborted
	Unknown
)

// Transaction is one transaction of a history, or one attempt of it. One that was Aborted
// has the operations that it made until then.
type Transaction struct {
	Name    string // in what is said of it: "T1"; unique
	Client  int
	Ops     []Op
	Outcome Outcome
	// Begin and End are times before its first operation and after its commit, by one clock
	// that never shows a time twice. The checks of real-time order need them.
	Begin, End int64
}
