package machine

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"

	"github.com/contendbench/contend/results"
)

// This returns the facts of this machine that two runs must share to be comparable.
func This() results.Machine {
	cpu := processorModel()
	if cpu == "" {
		cpu = runtime.GOARCH
	}
	return results.Machine{
		GOOS: runtime.GOOS, GOARCH: runtime.GOARCH, CPU: cpu, Cores: runtime.NumCPU(),
		Kernel: kernelRelease(), Go: runtime.Version(),
	}
}

func kernelRelease() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return "unknown"
	}
	return unix.ByteSliceToString(u.Release[:])
}

// ProcessorTime returns the user and system time of this process.
func ProcessorTime() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Heap is what this process has allocated so far.
type Heap struct{ Bytes, Objects uint64 }

// ReadHeap reads the allocation counters.
func ReadHeap() Heap {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return Heap{m.TotalAlloc, m.Mallocs}
}

// Since returns what was allocated since o was read.
func (h Heap) Since(o Heap) Heap { return Heap{h.Bytes - o.Bytes, h.Objects - o.Objects} }
