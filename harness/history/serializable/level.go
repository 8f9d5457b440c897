package serializable

// Level is a level of isolation: which anomalies must not occur.
type Level uint8

// The levels, by what they forbid.
const (
	ReadCommitted      Level = iota // G0, G1a, G1b, G1c
	Snapshot                        // those, and G-single
	ItemSerializable                // those, and G2-item
	Serializable                    // those, and G2
	StrictSerializable              // those, and every cycle with an edge of real time
)
