package distlock

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// verdicts are what clients do at a resource, and what its judge finds: violations,
// entries that overlap, and stale attempts of which some are rejected. A step is a
// client, what it does and its token.
var verdicts = []struct {
	name, text                             string
	fenced                                 bool
	wrong, overlaps, attempted, rejections int
}{
	{"turns", "a enters 1, a writes 1, a leaves, b enters 2, b writes 2, b leaves", true, 0, 0, 0, 0},
	{"two inside", "a enters 1, b enters 2", true, 1, 0, 0, 0},
	{"two inside, the first is excused", "excuse a, a enters 1, b enters 2", true, 0, 1, 0, 0},
	{"two inside, the second is excused", "excuse b, a enters 1, b enters 2", true, 0, 1, 0, 0},
	{"two inside, all are excused", "excuse *, a enters 1, b enters 2", true, 0, 1, 0, 0},
	{"twice inside", "a enters 1, a enters 2", true, 1, 0, 0, 0},
	{"the same token again", "a enters 1, a leaves, b enters 1", true, 1, 0, 1, 1},
	{"a token that falls", "a enters 2, a leaves, b enters 1", true, 1, 0, 1, 1},
	{"a late entry is refused", "excuse b, a enters 2, a leaves, b enters 1", true, 0, 0, 1, 1},
	{"a late write is refused", "excuse a, a enters 1, b enters 2, a writes 1", true, 0, 1, 1, 1},
	{"a late write with a new token is accepted", "excuse a, a enters 1, b enters 2, a writes 2", true, 1, 1, 1, 0},
	{"a late write without tokens", "excuse a, a enters 0, b enters 0, a writes 0", false, 0, 1, 1, 0},
	{"a late write without an excuse", "a enters 0, a leaves, b enters 0, a writes 0", false, 1, 0, 1, 0},
	{"the holder's own token falls", "a enters 2, a writes 1", true, 1, 0, 0, 0},
	{"a process that is gone is not inside", "a enters 1, a goes, b enters 2", true, 0, 0, 0, 0},
}

func TestVerdicts(t *testing.T) {
	for _, v := range verdicts {
		t.Run(v.name, func(t *testing.T) {
			j := newJudge(v.fenced)
			for step := range strings.SplitSeq(v.text, ", ") {
				var client, verb string
				var token uint64
				_, _ = fmt.Sscan(step, &client, &verb, &token) // a missing token stays 0
				switch {
				case client == "excuse" && verb == everyClient:
					j.all = true
				case client == "excuse":
					j.excused[verb] = true
				case verb == "enters":
					j.enter(client, "k", token)
				case verb == "writes":
					j.write(client, "k", token)
				case verb == "leaves":
					j.leave(client, "k")
				case verb == "goes":
					j.gone(client)
				default:
					t.Fatalf("got step %q, want a known one", step)
				}
			}
			r := j.report()
			got := []int{len(r.Wrong), r.Overlaps, r.Attempted, r.Rejected}
			want := []int{v.wrong, v.overlaps, v.attempted, v.rejections}
			if !slices.Equal(got, want) {
				t.Errorf("wrong, overlaps, attempted, rejected: got %v, want %v; %q", got, want, r.Wrong)
			}
		})
	}
}

// Keys have nothing to do with each other.
func TestKeysAreJudgedSeparately(t *testing.T) {
	j := newJudge(true)
	j.enter("a", "k", 5)
	j.enter("b", "l", 3)
	j.write("b", "l", 3)
	if r := j.report(); len(r.Wrong) > 0 || r.Overlaps > 0 || !r.isInside("k", "a") || !r.isInside("l", "b") {
		t.Errorf("got %+v, want two clients inside and no violation", r)
	}
}
