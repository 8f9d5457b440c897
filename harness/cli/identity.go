package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"

	"github.com/contendbench/contend/harness/machine"
	"github.com/contendbench/contend/results"
)

// identity returns what run.json says of the machine and of the executables.
func (a *app) identity() (info results.Info, err error) {
	info = results.Info{Tool: version(), Revision: revision(), Machine: machine.This()}
	if info.Executable, err = digest(a.self); err != nil {
		return info, err
	}
	for name, path := range a.engines.linked {
		if info.Engines == nil {
			info.Engines = map[string]string{}
		}
		if info.Engines[name], err = digest(path); err != nil {
			return info, err
		}
	}
	return info, nil
}

// digest returns the first half of an executable's SHA-256 sum.
func digest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("reading the executable: %w", err)
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", fmt.Errorf("reading the executable %s: %w", path, err)
	}
	return hex.EncodeToString(sum.Sum(nil)[:sha256.Size/2]), nil
}
