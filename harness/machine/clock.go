// Package machine measures the machine that trials run on: its clock, calibrated work,
// and the load of others. It also has the facts that two runs must share to be
// comparable.
package machine

import "time"

var epoch = time.Now()

// Since returns the monotonic time since this process started. It costs half as much as
// time.Now.
func Since() time.Duration { return time.Since(epoch) }
