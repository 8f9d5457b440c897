package task

import (
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
)

// bind binds the caller's thread to one processor.
func bind() {
	all := everywhere
	var one affinity
	for at, left := 0, unix.Gettid()%all.Count(); one.Count() == 0; at++ {
		if !all.IsSet(at) {
			continue
		}
		if left--; left < 0 {
			one.Set(at)
		}
	}
	setMask(one)
}

// pinning makes the workers of a lab threads that are bound to one processor.
func pinning(p *lab) {
	p.setUp = func() {
		runtime.LockOSThread()
		bind()
	}
	p.tidyUp = func() { setMask(everywhere) } // the first thread of the process outlives the pool
}

// everywhere is the processors on which the tests may run.
var everywhere = func() affinity {
	all, _, err := masks()
	if err != nil {
		panic(err)
	}
	return all
}()

// setMask binds the caller's thread to some processors.
func setMask(mask affinity) {
	if err := unix.SchedSetaffinity(0, &mask); err != nil {
		panic(err)
	}
}

func pinnedPool(change func(*lab)) harness.Suite {
	pool := func(n, room int) tasks.Pool { return newLab(n, room, none, change) }
	promises := append(waits[:len(waits):len(waits)], tasks.Threads, tasks.Pinned)
	return Threads(impls.UpToCrowd(60, impls.New("pinned", impls.Mutex, "here", pool, promises...)))
}

func TestPinnedThreadsPass(t *testing.T) {
	harness.TestFor(t, 1500*time.Millisecond, pinnedPool(pinning))
}

// A worker that unlocks its thread leaves the mask to other goroutines, and one that
// locks no thread cannot keep it.
func TestPinnedFindsMasksThatLeak(t *testing.T) {
	if n := everywhere.Count(); n < 2 {
		t.Skipf("got %d processors, want 2 to tell a mask from another", n)
	}
	harness.Finds(t, pinnedPool(func(p *lab) {
		pinning(p)
		p.tidyUp = runtime.UnlockOSThread
	}), "pinned", "still bound")
	harness.Finds(t, pinnedPool(locked), "pinned", "processors, want 1")
}
