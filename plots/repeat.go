package plots

import (
	"fmt"
	"strings"

	"github.com/contendbench/contend/results"
)

// repeat returns the command line that repeats a run, quoted for a shell; "" if the run
// does not say it. The folder of the results is left out, because it already holds a run.
func repeat(info results.Info, command string) string {
	if len(info.Args) == 0 {
		return ""
	}
	words := []string{results.ShellWord(command)}
	seeded := false
	for i := 0; i < len(info.Args); i++ {
		name, _, joined := strings.Cut(info.Args[i], "=")
		switch name {
		case "--out":
			if !joined {
				i++
			}
			continue
		case "--seed":
			seeded = true
		}
		words = append(words, results.ShellWord(info.Args[i]))
	}
	if !seeded {
		words = append(words, fmt.Sprintf("--seed %d", info.Seed))
	}
	return strings.Join(words, " ")
}
