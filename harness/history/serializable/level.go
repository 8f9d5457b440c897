package serializable

import "fmt"

// Level is a level of isolation: which anomalies must not occur.
type Level uint8

// The levels, by what they forbid. From Snapshot on, each forbids what the level before it
// forbids.
const (
	// ReadCommitted forbids contradictions, G0, G1a, G1b and G1c. It is Adya's PL-2.
	ReadCommitted Level = iota
	// RepeatableRead forbids those, lost updates, and every cycle without an
	// anti-dependency of a scan. It is Adya's PL-2.99: it allows phantoms.
	RepeatableRead
	// Snapshot forbids what ReadCommitted forbids, lost updates, G-single and
	// G-nonadjacent. It allows write skew.
	//
	// Source: Cerone and Gotsman 2016, "Analysing Snapshot Isolation", PODC: without
	// sessions, a dependency graph is one of snapshot isolation if each of its cycles has two
	// adjacent anti-dependencies.
	Snapshot
	// ItemSerializable forbids that, and G2-item. So it is Snapshot and RepeatableRead.
	ItemSerializable
	// Serializable forbids that, and G2. It is Adya's PL-3.
	Serializable
	// StrictSerializable forbids that, and every cycle with an edge of real time.
	StrictSerializable
)

var levelNames = [...]string{
	ReadCommitted: "read-committed", RepeatableRead: "repeatable-read", Snapshot: "snapshot",
	ItemSerializable: "item-serializable", Serializable: "serializable", StrictSerializable: "strict-serializable",
}

// Levels returns all levels.
func Levels() []Level {
	return []Level{ReadCommitted, RepeatableRead, Snapshot, ItemSerializable, Serializable, StrictSerializable}
}

func (l Level) String() string {
	if int(l) >= len(levelNames) {
		return fmt.Sprintf("Level(%d)", uint8(l))
	}
	return levelNames[l]
}

// Forbids reports whether an anomaly of class c must not occur. RepeatableRead forbids
// those cycles of the class that have no anti-dependency of a scan.
func (l Level) Forbids(c Class) bool {
	if l == RepeatableRead {
		l = ItemSerializable
	}
	return classes[c].from <= l
}

// kinds returns the edges of the cycles that the level forbids.
func (l Level) kinds() kinds {
	switch l {
	case ReadCommitted:
		return writes | reads
	case RepeatableRead:
		return dependencies &^ predicates
	case StrictSerializable:
		return dependencies | realTime
	default:
		return dependencies
	}
}
