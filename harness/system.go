package harness

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"

	"github.com/contendbench/contend/results"
)

// ThisMachine returns the facts that two runs must share to be comparable.
func ThisMachine() results.Machine {
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

// processorTime is the user and system time of this process.
func processorTime() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

type heapUse struct{ bytes, objects uint64 }

func readHeap() heapUse {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return heapUse{m.TotalAlloc, m.Mallocs}
}

func (h heapUse) sub(o heapUse) heapUse { return heapUse{h.bytes - o.bytes, h.objects - o.objects} }
