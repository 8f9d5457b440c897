package machine

import (
	"os"
	"strconv"
	"strings"
)

func processorModel() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// processorTicks returns the ticks that the host stole from all processors, and all
// ticks.
func processorTicks() (stolen, all uint64) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, 0
	}
	line, _, _ := strings.Cut(string(text), "\n")
	for i, f := range strings.Fields(line) {
		n, err := strconv.ParseUint(f, 10, 64)
		if i == 0 || i > 8 || err != nil { // 9 and 10 are of guests, and user time includes them
			continue
		}
		all += n
		if i == 8 {
			stolen = n
		}
	}
	return stolen, all
}

// loadOfOthers returns the number of runnable tasks other than this one.
func loadOfOthers() float64 {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text))
	if len(fields) < 4 {
		return 0
	}
	running, _, _ := strings.Cut(fields[3], "/")
	n, err := strconv.ParseFloat(running, 64)
	if err != nil {
		return 0
	}
	return max(n-1, 0)
}
