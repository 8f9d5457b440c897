// Command contend benchmarks and stresses the implementations of this module.
package main

import (
	"os"

	"github.com/contendbench/contend/harness/cli"
	"github.com/contendbench/contend/workloads"
)

func main() { os.Exit(cli.Main(workloads.All()...)) }
