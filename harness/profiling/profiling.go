// Package profiling takes profiles of cells, in a separate pass that is not measured.
package profiling

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/pprof/profile"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/results"
)

// Options says which profiles to take, and for how long.
type Options struct {
	Executable string
	Dir        string // the run's folder; profiles go to its subfolder profiles
	Kinds      []string
	For        time.Duration
	Spins      float64
	Seed       uint64
	Endpoints  map[string]string // see harness.Spec
}

// files has the names that pkg/profile gives its files, by kind.
var files = map[string]string{
	"cpu": "cpu.pprof", "mutex": "mutex.pprof", "block": "block.pprof", "mem": "mem.pprof",
	"goroutine": "goroutine.pprof", "trace": "trace.out",
}

// Take profiles one cell, in a separate process for each kind, because two profiles at
// once disturb each other.
func Take(ctx context.Context, cell results.Cell, o Options) ([]results.ProfileInfo, error) {
	var taken []results.ProfileInfo
	for _, kind := range o.Kinds {
		if !slices.Contains(child.ProfileKinds, kind) {
			return taken, fmt.Errorf("unknown kind of profile %q; want one of %s", kind, strings.Join(child.ProfileKinds, ", "))
		}
		info, err := take(ctx, cell, kind, o)
		if err != nil {
			return taken, err
		}
		taken = append(taken, info)
	}
	return taken, nil
}

// take takes one profile. The trial writes it into a folder of its own, because a run's
// folder may hold links, which it would follow.
func take(ctx context.Context, cell results.Cell, kind string, o Options) (info results.ProfileInfo, err error) {
	dir, err := os.MkdirTemp("", "contend-profile-")
	if err != nil {
		return info, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	spec := harness.Spec{
		Cell: cell, Round: 1, Seed: o.Seed, SpinsPerNs: o.Spins,
		Warm: 10 * time.Millisecond, Length: o.For, Windows: 1, Grace: 10 * time.Second, NoProbe: true,
		Profile: kind, ProfileDir: dir, Endpoints: o.Endpoints,
	}
	out, err := child.Run(ctx, o.Executable, spec, o.For*20+time.Minute)
	if err != nil {
		return info, err
	}
	if out.Status != results.Ok {
		return info, fmt.Errorf("profiling %s: %s: %s", cell.Name(), out.Status, out.Reason)
	}
	made := filepath.Join(dir, files[kind])
	folder := strings.NewReplacer("/", "_", "=", "-").Replace(cell.Name())
	info = results.ProfileInfo{Cell: cell.Name(), Kind: kind, File: path.Join("profiles", folder, files[kind])}
	if kind != "trace" {
		if info.Top, err = Top(made, 10); err != nil {
			return info, err
		}
	}
	return info, results.SaveFile(o.Dir, info.File, func(w io.Writer) error {
		f, err := os.Open(made)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = io.Copy(w, f)
		return err
	})
}

// Top returns the n functions with the largest flat values of a profile's default sample
// type.
func Top(file string, n int) ([]results.TopRow, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := profile.Parse(f)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	index, err := p.SampleIndexByName(p.DefaultSampleType)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	flat, cum, total := weigh(p, index)
	var names []string
	for name := range cum {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if flat[a] != flat[b] {
			return int(min(max(flat[b]-flat[a], -1), 1))
		}
		return strings.Compare(a, b)
	})
	var rows []results.TopRow
	for _, name := range names[:min(n, len(names))] {
		if flat[name] == 0 || total == 0 {
			break
		}
		rows = append(rows, results.TopRow{
			Function: name, Flat: float64(flat[name]) / float64(total), Cum: float64(cum[name]) / float64(total),
			Value: value(flat[name], p.SampleType[index].Unit),
		})
	}
	return rows, nil
}

// weigh adds up a profile's samples by function. The map flat has those with the function
// on top of the stack. The map cum has those with it anywhere on the stack.
func weigh(p *profile.Profile, index int) (flat, cum map[string]int64, total int64) {
	flat, cum = map[string]int64{}, map[string]int64{}
	for _, s := range p.Sample {
		v := s.Value[index]
		total += v
		seen := map[string]bool{}
		for i, loc := range s.Location {
			for j, line := range loc.Line {
				if line.Function == nil {
					continue
				}
				name := line.Function.Name
				if i == 0 && j == 0 {
					flat[name] += v
				}
				if !seen[name] {
					seen[name] = true
					cum[name] += v
				}
			}
		}
	}
	return flat, cum, total
}

func value(v int64, unit string) string {
	if unit == "nanoseconds" {
		return time.Duration(v).Round(time.Microsecond).String()
	}
	return fmt.Sprintf("%d %s", v, unit)
}
