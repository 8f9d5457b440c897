package process

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// pauseTime limits the time from SIGSTOP until the process has stopped.
const pauseTime = time.Second

// awaitStopped waits until a process that was sent SIGSTOP has stopped.
func awaitStopped(pid int) error {
	for start := time.Now(); time.Since(start) < pauseTime; time.Sleep(100 * time.Microsecond) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return fmt.Errorf("pausing process %d: %w", pid, err)
		}
		// The state follows the name, which is in parentheses and may contain any
		// character.
		if i := strings.LastIndex(string(text), ") "); i >= 0 && strings.HasPrefix(string(text[i+2:]), "T") {
			return nil
		}
	}
	return fmt.Errorf("pausing process %d: it still runs %v after SIGSTOP", pid, pauseTime)
}
