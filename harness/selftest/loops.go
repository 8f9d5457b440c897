package selftest

import (
	"testing"

	"github.com/contendbench/contend/harness"
)

// A loop of four instructions takes twice as long where it straddles two cache lines of code, and where the linker
// puts it is luck. So each loop stands here several times, in functions whose sizes move the next one, and the
// fastest copy counts, of Worker.Next as of testing.B.Loop.

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
