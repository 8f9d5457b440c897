package cas

import (
	"reflect"

	"github.com/contendbench/contend/impls/cpu"
)

// apartTries is how many subjects are made for each that is kept: as many small objects
// as the allocator puts into a line, and some more.
const apartTries = 64

// apart returns n subjects that share no cache line, as far as their first words go. The
// allocator puts small objects next to each other, and a load over many of them would
// measure their false sharing. Subjects that lie in a taken line are dropped.
func apart[T any](n int, create func() T) []T {
	kept, taken := make([]T, 0, n), map[uintptr]bool{}
	for len(kept) < n {
		var one T
		var lines []uintptr
		for range apartTries {
			one = create()
			if lines = linesOf(one); !anyOf(lines, taken) {
				break
			}
		}
		for _, l := range lines {
			taken[l] = true
		}
		kept = append(kept, one)
	}
	return kept
}

// linesOf returns the lines in which the object behind a pointer lies; none if the
// subject is no pointer.
func linesOf(subject any) []uintptr {
	v := reflect.ValueOf(subject)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil
	}
	first, last := v.Pointer(), v.Pointer()+max(v.Elem().Type().Size(), 1)-1
	var lines []uintptr
	for l := first / cpu.Line; l <= last/cpu.Line; l++ {
		lines = append(lines, l)
	}
	return lines
}

func anyOf(lines []uintptr, taken map[uintptr]bool) bool {
	for _, l := range lines {
		if taken[l] {
			return true
		}
	}
	return false
}
