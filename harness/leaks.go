package harness

import (
	"fmt"
	"runtime/pprof"
	"strings"
)

// leaked counts the goroutines that wait for what no other goroutine can do any more, and
// returns their stacks. Only a build with GOEXPERIMENT=goroutineleakprofile knows them;
// others count none.
func leaked() (n int, stacks string, err error) {
	profile := pprof.Lookup("goroutineleak")
	if profile == nil {
		return 0, "", nil
	}
	var text strings.Builder
	if err := profile.WriteTo(&text, 1); err != nil { // it looks for them; Count does not
		return 0, "", fmt.Errorf("looking for goroutines that are left: %w", err)
	}
	return profile.Count(), text.String(), nil
}

// moreLeaked returns an error if more goroutines are left than before.
func moreLeaked(before int) error {
	n, stacks, err := leaked()
	if err == nil && n > before {
		err = fmt.Errorf("%d goroutines are left that nothing can wake:\n%s", n-before, stacks)
	}
	return err
}
