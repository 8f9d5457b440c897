package serializable

import "fmt"

// Level is a level of isolation: which anomalies must not occur. Each forbids what the
// level before it forbids.
type Level uint8

// The levels, by what they forbid.
const (
	// ReadCommitted forbids contradictions, G0, G1a, G1b and G1c.
	ReadCommitted Level = iota
	// Snapshot forbids those, lost updates, G-single and G-nonadjacent.
	Snapshot
	// ItemSerializable forbids those, and G2-item.
	ItemSerializable
	// Serializable forbids those, and G2.
	Serializable
	// StrictSerializable forbids those, and every cycle with an edge of real time.
	StrictSerializable
)

var levelNames = [...]string{
	ReadCommitted: "read-committed", Snapshot: "snapshot", ItemSerializable: "item-serializable",
	Serializable: "serializable", StrictSerializable: "strict-serializable",
}

// Levels returns all levels, the weakest first.
func Levels() []Level {
	return []Level{ReadCommitted, Snapshot, ItemSerializable, Serializable, StrictSerializable}
}

func (l Level) String() string {
	if int(l) >= len(levelNames) {
		return fmt.Sprintf("Level(%d)", uint8(l))
	}
	return levelNames[l]
}

// Forbids reports whether an anomaly of class c must not occur.
func (l Level) Forbids(c Class) bool { return classes[c].from <= l }

// kinds returns the edges of the cycles that the level forbids.
func (l Level) kinds() kinds {
	switch {
	case l == ReadCommitted:
		return writes | reads
	case l < StrictSerializable:
		return dependencies
	default:
		return dependencies | realTime
	}
}
