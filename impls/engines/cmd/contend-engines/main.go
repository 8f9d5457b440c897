// Command contend-engines runs the trials of the rows over servers of others. contend starts it; it can also be used as contend is.
package main

import (
	"os"

	"github.com/contendbench/contend/harness/cli"
	"github.com/contendbench/contend/impls/engines"
	"github.com/contendbench/contend/workloads/distlock"
)

func main() { os.Exit(cli.Main(distlock.Pattern(engines.Distlock()...))) }
