package load

import "testing"

func TestInOrder(t *testing.T) {
	line := func(n int, change func(served []int)) []int {
		served := make([]int, n)
		for i := range served {
			served[i] = i
		}
		change(served)
		return served
	}
	swap := func(i, j int) func([]int) { return func(s []int) { s[i], s[j] = s[j], s[i] } }
	for _, c := range []struct {
		about  string
		served []int
		want   bool
	}{
		{"four in order", line(4, swap(0, 0)), true},
		{"four with two swapped", line(4, swap(1, 2)), false},
		{"forty with two swapped", line(40, swap(3, 4)), true},
		{"forty, the first and the last swapped", line(40, swap(0, 39)), true},
		{"forty, the last three reversed and moved", line(40, func(s []int) {
			copy(s, []int{39, 38, 37})
			copy(s[3:], line(37, swap(0, 0)))
		}), false},
	} {
		if got := InOrder(c.served); got != c.want {
			t.Errorf("%s: got %v, want %v", c.about, got, c.want)
		}
	}
}
