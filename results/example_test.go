package results_test

import (
	"fmt"
	"strings"

	"github.com/contendbench/contend/results"
)

// Open reads a run's folder, or a file in the Go benchmark format. Verdicts judges its
// points.
func ExampleOpen() {
	run, err := results.Open("testdata/old")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, v := range results.Verdicts(run, results.Options{}) {
		fmt.Println(v.Point)
		fmt.Println("  not beaten by any other:", strings.Join(v.Best, ", "))
	}
	// Output:
	// Cas/work=count/goroutines=8/cells=1-2
	//   not beaten by any other: fetch-and-add, mutex
	// Cas/work=record/goroutines=8/cells=1-2
	//   not beaten by any other: mutex, value
}
