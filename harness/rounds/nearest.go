package rounds

import (
	"fmt"
	"slices"
	"strings"
)

// Nearest returns a hint for an invalid name: the most similar valid name, or all valid
// names.
func Nearest(name string, valid []string) string {
	valid = slices.Compact(slices.Sorted(slices.Values(valid)))
	for _, v := range valid { // "p99" of "p99-ns"
		if strings.HasPrefix(v, name+"-") {
			return fmt.Sprintf("did you mean %q?", v)
		}
	}
	best, closest := "", len(name)/2+2
	for _, v := range valid {
		if d := distance(name, v); d < closest {
			best, closest = v, d
		}
	}
	if best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return "there are " + strings.Join(valid, ", ")
}

// distance returns the Levenshtein distance: the fewest insertions, deletions and
// replacements from a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
