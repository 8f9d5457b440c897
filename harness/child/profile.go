package child

import (
	"context"
	"fmt"
	"time"

	"github.com/pkg/profile"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
)

// ProfileKinds are the kinds of profile, in the order of the report.
var ProfileKinds = []string{"cpu", "mutex", "block", "mem", "goroutine", "trace"}

var profileModes = map[string]func(*profile.Profile){
	"cpu":       profile.CPUProfile,
	"mutex":     profile.MutexProfile,
	"block":     profile.BlockProfile,
	"mem":       profile.MemProfileAllocs,
	"goroutine": profile.GoroutineProfile,
	"trace":     profile.TraceProfile,
}

// profiled runs a cell under one profile, which pkg/profile writes into spec.ProfileDir.
// The trial has a status but no numbers, because profiling would distort them.
func profiled(suites []harness.Suite, spec harness.Spec) (results.Trial, error) {
	mode, ok := profileModes[spec.Profile]
	if !ok {
		return results.Trial{}, fmt.Errorf("unknown profile %q", spec.Profile)
	}
	if spec.Profile == "goroutine" {
		spec.Windows = 1
	}
	p := profile.Start(mode, profile.ProfilePath(spec.ProfileDir), profile.NoShutdownHook, profile.Quiet)
	stopAt := time.Now().Add(spec.Length * time.Duration(spec.Windows) / 2)
	if spec.Profile == "goroutine" { // it shows one moment, so take it during the load
		go func() {
			time.Sleep(time.Until(stopAt))
			p.Stop()
		}()
	}
	trial, err := harness.Execute(context.Background(), suites, spec)
	if spec.Profile != "goroutine" {
		p.Stop()
	}
	trial.Values, trial.Windows, trial.Hist = nil, nil, ""
	return trial, err
}
