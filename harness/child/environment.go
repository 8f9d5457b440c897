package child

import (
	"os"
	"slices"
	"strings"
)

// cleared are the variables that change how the Go runtime of a trial works. Trials run
// without them, so that two runs from different shells can be compared.
var cleared = []string{"GOGC", "GOMEMLIMIT", "GODEBUG", "GOMAXPROCS", "GOTRACEBACK"}

// Cleared returns the variables of this process's environment that trials do not get, as
// name=value.
func Cleared() []string { return slices.DeleteFunc(os.Environ(), inherited) }

// inherited reports whether trials get a variable.
func inherited(variable string) bool {
	name, _, _ := strings.Cut(variable, "=")
	return !slices.Contains(cleared, name)
}

// environment returns the environment of a trial.
func environment() []string {
	clears := func(variable string) bool { return !inherited(variable) }
	return append(slices.DeleteFunc(os.Environ(), clears), childEnv+"=1", "GOTRACEBACK=all")
}
