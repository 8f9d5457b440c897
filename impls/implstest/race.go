package implstest

import (
	"runtime/debug"
	"slices"
	"testing"
)

// UnderRace reports whether the test runs under the race detector.
func UnderRace() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// RaceShowsFirst skips a test under the race detector. It is for tests in whose process a
// bug runs that is a data race.
func RaceShowsFirst(t *testing.T) {
	t.Helper()
	if UnderRace() {
		t.Skip("the race detector finds it first, and fails the test")
	}
}
