package serializable

import "fmt"

// Class is a kind of anomaly.
type Class uint8

// The classes, the most severe first. The first six are contradictions: no order of the
// transactions can excuse them.
const (
	// Malformed is a fault of the history: it appends a number to a key twice.
	Malformed Class = iota
	// Garbage is a read of a number that no transaction appended.
	Garbage
	// Duplicate is a number that is in a list twice.
	Duplicate
	// BadScan is a scan that saw keys outside of its range, or out of order.
	BadScan
	// Internal is a read that contradicts what the transaction itself has appended.
	Internal
	// IncompatibleOrder is two lists of a key in which a number follows different ones.
	IncompatibleOrder

	// G0 is a cycle of write dependencies.
	G0
	// G1a is a read of what an aborted transaction appended.
	G1a
	// G1b is a read of a list to which the last appender then appended more.
	G1b
	// G1c is a cycle of write and read dependencies.
	G1c

	// LostUpdate is two appends to one version of a list, so one of them is lost.
	LostUpdate
	// GSingle is a cycle with exactly one anti-dependency.
	GSingle
	// GNonadjacent is a cycle with several anti-dependencies, none of which follows
	// another one, such as a long fork.
	GNonadjacent

	// G2Item is a cycle with two anti-dependencies in a row, all of reads of keys.
	G2Item
	// G2 is such a cycle with an anti-dependency of a scan that missed a key.
	G2

	// The same cycles, with an edge of real time: a transaction ended before another one
	// began.
	G0RealTime
	G1cRealTime
	GSingleRealTime
	GNonadjacentRealTime
	G2ItemRealTime
	G2RealTime

	numClasses
)

var classes = [numClasses]struct {
	name    string
	from    Level // the weakest that forbids it
	meaning string
}{
	Malformed:         {"malformed", ReadCommitted, "the history appends a number twice"},
	Garbage:           {"garbage", ReadCommitted, "a read of a number that no transaction appended"},
	Duplicate:         {"duplicate", ReadCommitted, "a number is in a list twice"},
	BadScan:           {"bad-scan", ReadCommitted, "a scan saw keys outside of its range, or out of order"},
	Internal:          {"internal", ReadCommitted, "a transaction did not see its own appends as it made them"},
	IncompatibleOrder: {"incompatible-order", ReadCommitted, "two lists of a key cannot be states of one list"},

	G0:  {"G0", ReadCommitted, "a cycle of write dependencies"},
	G1a: {"G1a", ReadCommitted, "a read of what an aborted transaction appended"},
	G1b: {"G1b", ReadCommitted, "a read of an intermediate state"},
	G1c: {"G1c", ReadCommitted, "a cycle of write and read dependencies"},

	LostUpdate:   {"lost-update", Snapshot, "two appends to one state of a list"},
	GSingle:      {"G-single", Snapshot, "a cycle with one anti-dependency"},
	GNonadjacent: {"G-nonadjacent", Snapshot, "a cycle with several anti-dependencies, none after another one"},

	G2Item: {"G2-item", ItemSerializable, "a cycle with two anti-dependencies in a row"},
	G2:     {"G2", Serializable, "a cycle with two anti-dependencies in a row, and a scan that missed a key"},

	G0RealTime:      {"G0-realtime", StrictSerializable, "write dependencies against real time"},
	G1cRealTime:     {"G1c-realtime", StrictSerializable, "write and read dependencies against real time"},
	GSingleRealTime: {"G-single-realtime", StrictSerializable, "one anti-dependency against real time"},
	GNonadjacentRealTime: {
		"G-nonadjacent-realtime", StrictSerializable, "several anti-dependencies against real time, none after another one",
	},
	G2ItemRealTime: {"G2-item-realtime", StrictSerializable, "two anti-dependencies in a row against real time"},
	G2RealTime: {
		"G2-realtime", StrictSerializable, "two anti-dependencies in a row, and a scan that missed a key, against real time",
	},
}

// String returns the name of the class, as in the literature where there is one.
func (c Class) String() string {
	if c >= numClasses {
		return fmt.Sprintf("Class(%d)", uint8(c))
	}
	return classes[c].name
}
