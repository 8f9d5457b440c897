package distlock

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// verdicts are what clients do at a resource and what its judge makes of it: wrong or not, entries that overlap, and stale attempts of which some are
// rejected. A line is a client, what it does and its token.
var verdicts = []struct {
	name, text                             string
	fenced                                 bool
	wrong, overlaps, attempted, rejections int
}{
	{"turns", "a enters 1, a writes 1, a leaves, b enters 2, b writes 2, b leaves", true, 0, 0, 0, 0},
	{"two inside", "a enters 1, b enters 2", true, 1, 0, 0, 0},
	{"two inside, of whom one is excused", "excuse a, a enters 1, b enters 2", true, 0, 1, 0, 0},
	{"two inside, of whom the later is excused", "excuse b, a enters 1, b enters 2", true, 0, 1, 0, 0},
	{"two inside, and all are excused", "excuse *, a enters 1, b enters 2", true, 0, 1, 0, 0},
	{"twice inside", "a enters 1, a enters 2", true, 1, 0, 0, 0},
	{"a token again", "a enters 1, a leaves, b enters 1", true, 1, 0, 1, 1},
	{"a token that falls", "a enters 2, a leaves, b enters 1", true, 1, 0, 1, 1},
	{"a late entry is refused", "excuse b, a enters 2, a leaves, b enters 1", true, 0, 0, 1, 1},
	{"a late write is refused", "excuse a, a enters 1, b enters 2, a writes 1", true, 0, 1, 1, 1},
	{"a late write is accepted, for its token is as new", "excuse a, a enters 1, b enters 2, a writes 2", true, 1, 1, 1, 0},
	{"a late write without tokens", "excuse a, a enters 0, b enters 0, a writes 0", false, 0, 1, 1, 0},
	{"a late write of one who is not excused", "a enters 0, a leaves, b enters 0, a writes 0", false, 1, 0, 1, 0},
	{"the holder's own token falls", "a enters 2, a writes 1", true, 1, 0, 0, 0},
	{"a process that is gone is not inside", "a enters 1, a goes, b enters 2", true, 0, 0, 0, 0},
}

func TestVerdicts(t *testing.T) {
	for _, v := range verdicts {
		t.Run(v.name, func(t *testing.T) {
			j := newJudge(v.fenced)
			for does := range strings.SplitSeq(v.text, ", ") {
				var who, verb string
				var token uint64
				_, _ = fmt.Sscan(does, &who, &verb, &token) // what is not there stays 0
				switch {
				case who == "excuse" && verb == everybody:
					j.all = true
				case who == "excuse":
					j.excused[verb] = true
				case verb == "enters":
					j.enter(who, "k", token)
				case verb == "writes":
					j.write(who, "k", token)
				case verb == "leaves":
					j.leave(who, "k")
				case verb == "goes":
					j.gone(who)
				default:
					t.Fatalf("nobody can %q", does)
				}
			}
			r := j.seen()
			got, want := []int{len(r.Wrong), r.Overlaps, r.Attempted, r.Rejected}, []int{v.wrong, v.overlaps, v.attempted, v.rejections}
			if !slices.Equal(got, want) {
				t.Errorf("wrong, overlaps, attempted, rejected: %v, want %v; %q", got, want, r.Wrong)
			}
		})
	}
}

// Keys have nothing to do with each other.
func TestKeysAreJudgedApart(t *testing.T) {
	j := newJudge(true)
	j.enter("a", "k", 5)
	j.enter("b", "l", 3)
	j.write("b", "l", 3)
	if r := j.seen(); len(r.Wrong) > 0 || r.Overlaps > 0 || !r.isInside("k", "a") || !r.isInside("l", "b") {
		t.Errorf("%+v", r)
	}
}
