package selftest

import (
	"testing"

	"github.com/contendbench/contend/harness"
)

// A loop of four instructions takes twice as long if it straddles two cache lines of
// code, and the linker decides where it is. So each loop is here in several copies, at
// different offsets, and the fastest copy counts. That holds for Worker.Next and for
// testing.B.Loop.

var nextLoops = []func(*harness.Worker){
	func(w *harness.Worker) {
		for w.Next() {
		}
	},
	func(w *harness.Worker) {
		for w.Next() {
		}
	},
	func(w *harness.Worker) {
		for w.Next() {
		}
	},
}

var benchLoops = []func(*testing.B){
	func(b *testing.B) {
		for b.Loop() {
		}
	},
	func(b *testing.B) {
		for b.Loop() {
		}
	},
	func(b *testing.B) {
		for b.Loop() {
		}
	},
}
