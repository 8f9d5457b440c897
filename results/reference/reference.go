// Package reference holds a quick run over all patterns, for advice where no other run is
// at hand.
package reference

import (
	"embed"
	"fmt"
	"os"

	"github.com/contendbench/contend/results"
)

//go:embed bench.txt run.json
var files embed.FS

// Name is how outputs name the run.
const Name = "results/reference, as built into contend"

// Open reads the run.
func Open() (*results.Run, error) {
	dir, err := os.MkdirTemp("", "contend-reference-")
	if err != nil {
		return nil, fmt.Errorf("open the reference run: %w", err)
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, files); err != nil {
		return nil, fmt.Errorf("open the reference run: %w", err)
	}
	run, err := results.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("open the reference run: %w", err)
	}
	run.Path = Name
	return run, nil
}
