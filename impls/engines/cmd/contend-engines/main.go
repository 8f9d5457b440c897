// Command contend-engines runs the trials of implementations over foreign servers.
// contend starts it. It also has all commands of contend.
package main

import (
	"os"

	"github.com/contendbench/contend/harness/cli"
	"github.com/contendbench/contend/impls/engines"
	"github.com/contendbench/contend/workloads/distlock"
)

func main() { os.Exit(cli.Main(distlock.Suite(engines.Distlock()...))) }
