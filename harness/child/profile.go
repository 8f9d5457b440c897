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
	p := profile.Start(mode, profile.ProfilePath(spec.ProfileDir), profile.NoShutdownHook, profile.Quiet)
	start, stopped := time.Now(), make(chan struct{})
	stop := func() {
		p.Stop()
		close(stopped)
	}
	if spec.Profile == "goroutine" { // it shows one moment, so take it during the load
		time.AfterFunc(spec.Length/2, stop)
	}
	trial, err := harness.Execute(context.Background(), suites, spec)
	for err == nil && time.Since(start) < spec.Length { // a program may take less
		trial, err = harness.Execute(context.Background(), suites, spec)
	}
	if spec.Profile != "goroutine" {
		stop()
	}
	<-stopped
	trial.Values, trial.Windows, trial.Hist = nil, nil, ""
	return trial, err
}
