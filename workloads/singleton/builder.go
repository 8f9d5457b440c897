package singleton

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness/machine"
	"github.com/contendbench/contend/workloads/load"
)

// A builder is an initializer that counts its runs.
type builder struct {
	runs  atomic.Int64
	built atomic.Int64 // runs that succeeded
	work  int          // steps of the spin
	yield int
	sleep time.Duration
	fails func(run int64) *failure // nil, or a nil result: the run succeeds
}

// A failure is how a run of an initializer ends that does not succeed. Unless it panics
// or ends its goroutine, it returns the object and the error, which may both be nil.
type failure struct {
	object *Object
	err    error
	panics bool
	exits  bool // calls runtime.Goexit
}

// A runError is the error of one run.
type runError struct{ run int64 }

func (e *runError) Error() string { return fmt.Sprintf("run %d of the initializer fails", e.run) }

func (b *builder) build() (*Object, error) {
	run := b.runs.Add(1)
	o := new(Object)
	o.words[0] = machine.Spin(written, b.work)
	load.Yields(uint64(run), b.yield)
	if b.sleep > 0 {
		time.Sleep(b.sleep)
	}
	if b.fails != nil {
		if f := b.fails(run); f != nil {
			switch {
			case f.panics:
				panic(f.err)
			case f.exits:
				runtime.Goexit()
			}
			return f.object, f.err
		}
	}
	b.built.Add(1)
	for i := range o.words {
		o.words[i] = written
	}
	return o, nil
}
