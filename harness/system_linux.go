package harness

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
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

// processorTicks returns the ticks that the host stole from all processors, and all ticks.
func processorTicks() (stolen, all uint64) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, 0
	}
	line, _, _ := strings.Cut(string(text), "\n")
	for i, f := range strings.Fields(line) {
		n, err := strconv.ParseUint(f, 10, 64)
		if i == 0 || i > 8 || err != nil { // 9 and 10 are guests, counted in user time already
			continue
		}
		all += n
		if i == 8 {
			stolen = n
		}
	}
	return stolen, all
}

// loadOfOthers returns the runnable tasks beside this one.
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

// pauseTime bounds the time from SIGSTOP to the standstill.
const pauseTime = time.Second

// awaitStopped returns when a process that has got SIGSTOP stands still.
func awaitStopped(pid int) error {
	for begin := time.Now(); time.Since(begin) < pauseTime; time.Sleep(100 * time.Microsecond) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return fmt.Errorf("pausing process %d: %w", pid, err)
		}
		// The state stands behind the name, which is in parentheses and may hold any character.
		if i := strings.LastIndex(string(text), ") "); i >= 0 && strings.HasPrefix(string(text[i+2:]), "T") {
			return nil
		}
	}
	return fmt.Errorf("process %d goes on %v after SIGSTOP", pid, pauseTime)
}
