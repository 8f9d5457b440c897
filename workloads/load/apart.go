package load

import (
	"reflect"

	"github.com/contendbench/contend/impls/cpu"
)

// maxMade is how many subjects Apart makes for each that it returns.
const maxMade = 64

// Apart makes n subjects, each on cache lines of its own. Allocators put small objects
// side by side; a load of many subjects would then measure false sharing among them.
// Subjects that are no pointers are taken as they come.
func Apart[T any](n int, create func() T) []T {
	apart := make([]T, 0, n)
	taken := map[uintptr]bool{}
	for left := n * maxMade; len(apart) < n; left-- {
		made := create()
		v := reflect.ValueOf(made)
		if v.Kind() != reflect.Pointer || left <= n-len(apart) {
			apart = append(apart, made)
			continue
		}
		first := v.Pointer() / cpu.Line
		last := (v.Pointer() + max(v.Type().Elem().Size(), 1) - 1) / cpu.Line
		if taken[first] || taken[last] {
			continue
		}
		taken[first], taken[last] = true, true
		apart = append(apart, made)
	}
	return apart
}
