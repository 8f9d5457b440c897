package results

// Timeline is what happened during one window, in bins of equal width.
type Timeline struct {
	BinMs  float64   `json:"bin_ms"`
	Ops    []int     `json:"ops"`       // turns that ended in each bin
	Median []float64 `json:"median_ms"` // of the waits of those turns; 0 where none ended
	Max    []float64 `json:"max_ms"`
	Marks  []Mark    `json:"marks,omitempty"`
}

// Mark is a named instant, such as that of a fault.
type Mark struct {
	Name string  `json:"name"`
	AtMs float64 `json:"at_ms"`
}
