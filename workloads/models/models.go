// Package models specifies the objects of several contracts by how they behave when calls
// come one after the other. Recorded histories are judged by these models.
//
// A model that is not strict lets a call fail without a reason. A structure that promises
// less than linearizability may do so: it may look full or empty during another call.
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

// pending stands for the result of a call that has not returned.
const pending = "pending"

func arrow(call string, out *Result) string {
	if out == nil {
		return call + " → " + pending
	}
	return call + " → " + out.String()
}

// fits reports whether a call that must return want may return out.
func fits(out *Result, want Result) bool { return out == nil || *out == want }
