// Command mylock runs, stresses, plots and compares the lock beside those of contend.
package main

import (
	"os"
	"sync"

	"github.com/contendbench/contend/harness/cli"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/mutex"

	"example.com/mylock"
)

func main() {
	mine := impls.Impl[locks.New]{
		Name: "mylock", Kind: impls.Spin, Source: "this module", New: func() sync.Locker { return new(mylock.Lock) },
	}
	os.Exit(cli.Main(mutex.Pattern(append(locks.All(), mine)...)))
}
