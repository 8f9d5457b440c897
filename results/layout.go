package results

import "fmt"

// The sides of a duet. BaseAgain is the base in another layout, for the A/A floor.
const (
	Base      = "base"
	BaseAgain = "base.again"
	Head      = "head"
)

// Sides lists the sides of a duet.
var Sides = []string{Base, BaseAgain, Head}

// layoutPair is the layouts of the two trials of a pair.
type layoutPair struct{ old, new uint64 }

// byLayout returns one observation for all pairs that share a layout: their median. What
// a layout adds is the same in all of them, so they are not independent. A side with a
// single layout is left out of that: the comparison is of that executable. layouts is the
// number of observations if pairs share them, else 0.
func byLayout(logs []float64, pairs []layoutPair) (observations []float64, layouts int) {
	olds, news := map[uint64]int{}, map[uint64]int{} // layout → a pair that has it
	for i, p := range pairs {
		olds[p.old], news[p.new] = i, i
	}
	parent := make([]int, len(pairs)) // a pair of the same group; a group's root is its own parent
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i, p := range pairs {
		if len(olds) > 1 {
			parent[root(i)] = root(olds[p.old])
		}
		if len(news) > 1 {
			parent[root(i)] = root(news[p.new])
		}
	}
	parts := map[int][]float64{}
	var order []int
	for i := range pairs {
		r := root(i)
		if parts[r] == nil {
			order = append(order, r)
		}
		parts[r] = append(parts[r], logs[i])
	}
	if len(parts) == len(logs) {
		return logs, 0
	}
	for _, r := range order {
		observations = append(observations, Median(parts[r]))
	}
	return observations, len(parts)
}

// warnOfLayout adds what a comparison cannot exclude if the executables were not linked
// anew.
func (c *Comparison) warnOfLayout(info *Info) {
	if info.OneLayout != "" {
		c.Warnings = append(c.Warnings, info.OneLayout)
	}
}

// whyFew explains why there is no claim where pairs share too few layouts.
func (c *Comparison) whyFew(o Options) string {
	return fmt.Sprintf("%d layouts, which pairs share; at least %d are needed", c.Layouts, o.MinPairs)
}
