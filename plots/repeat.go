package plots

import (
	"fmt"
	"strings"

	"github.com/contendbench/contend/results"
)

// repeat returns the command that repeats a run, quoted for a shell; "" if the run does
// not say it. The folder of the results is left out, because it already holds a run.
func repeat(info results.Info) string {
	if len(info.Args) == 0 {
		return ""
	}
	words := []string{"contend"}
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
		words = append(words, quoted(info.Args[i]))
	}
	if !seeded {
		words = append(words, fmt.Sprintf("--seed %d", info.Seed))
	}
	return strings.Join(words, " ")
}

// quoted makes one word of a POSIX shell of a text.
func quoted(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' ||
			strings.ContainsRune("-_=+./,:@%", r)
	}
	if word != "" && strings.TrimFunc(word, plain) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
