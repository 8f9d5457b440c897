package machine

import (
	"strings"

	"golang.org/x/sys/unix"
)

// Stolen time and load are recorded on Linux only. Here they are zero.

func processorModel() string {
	name, err := unix.Sysctl("machdep.cpu.brand_string")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(name)
}

func processorTicks() (stolen, all uint64) { return 0, 0 }

func loadOfOthers() float64 { return 0 }
