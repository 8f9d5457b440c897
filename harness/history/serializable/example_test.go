package serializable_test

import (
	"fmt"

	"github.com/contendbench/contend/harness/history/serializable"
)

// Two doctors are on call, as the lists x and y say. Each sees that the other one has not
// left yet, and leaves. Snapshot isolation allows that, and serializability does not.
func ExampleCheck() {
	h, err := serializable.Parse(`
		T1 0..5 committed: r(x: ) r(y: ) a(x 1)
		T2 1..6 committed: r(x: ) r(y: ) a(y 2)
	`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(serializable.Check(h, serializable.Snapshot))
	fmt.Println(serializable.Check(h, serializable.Serializable))
	// Output:
	// <nil>
	// G2-item: a cycle with two anti-dependencies in a row: T1 -rw(y)-> T2 -rw(x)-> T1
	// T1 before T2: T1 read [] of y, and T2's append of 2 comes after that
	// T2 before T1: T2 read [] of x, and T1's append of 1 comes after that
	// T1 0..5 committed: r(x: ) r(y: ) a(x 1)
	// T2 1..6 committed: r(x: ) r(y: ) a(y 2)
}
