// Package models holds what the objects of several contracts are when calls come one after the other: the specifications that
// recorded histories are judged by. A model that is not strict lets a call that fails do so without a reason, as a structure may that
// promises less than linearizability: it may report full or empty while another call is half done.
package models

import "fmt"

// Result is what most calls return: a value, and whether there is one.
type Result struct {
	Value int
	OK    bool
}

func (r Result) String() string {
	if !r.OK {
		return "no"
	}
	return fmt.Sprint(r.Value)
}

func arrow(call string, out *Result) string {
	if out == nil {
		return call + " → cut off"
	}
	return call + " → " + out.String()
}

// fits reports whether a call that must return want may return out.
func fits(out *Result, want Result) bool { return out == nil || *out == want }
