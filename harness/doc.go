// Package harness measures implementations of a contract under load, and checks them at
// the same time.
//
// # Words
//
//   - A pattern is one of the 20 that this project covers, such as the mutex.
//   - A contract is an interface that implementations keep, such as sync.Locker. It is a
//     folder under impls and the first part of a benchmark's name.
//   - A suite is the implementations of one contract that are compared with each other,
//     and their loads.
//   - An implementation is one way to keep a contract. It is /impl= in a benchmark's
//     name. A promise is a property that it claims, such as FIFO order.
//   - A workload is a load with its body: what the workers do. It is /work= in the name.
//   - A turn is one pass of a worker's loop, such as an acquisition. ns/op is time
//     divided by turns.
//   - A point is a workload at values of its parameters. A cell is an implementation at a
//     point.
//   - A window is one measurement of about 10 ms. A trial is one cell in one fresh
//     process, and runs a few windows. A round runs every cell once. A run has at least 8
//     rounds.
//
// # From a workload to a row
//
// A Workload declares its parameters, metrics and points, and has a body. The body gets a
// constructor, reads its parameters, and calls Trial.Window:
//
//  1. Trial.Window calls a function for every window. It constructs a fresh subject, and
//     declares roles with Window.Go and checks with Window.Check.
//  2. The workers start together, and run through a warm-up and the measured part. A
//     worker's body loops until Worker.Next returns false.
//  3. After all workers have returned, the checks run. An error fails the trial, and its
//     row shows no number.
//  4. A trial's ns/op is the median of its throughput windows without the first. Latency
//     has separate windows, because timing turns costs throughput. Fairness has separate
//     windows, because it needs longer ones.
//  5. Package rounds runs every cell once a round, in a random order with a recorded
//     seed. Package results compares rows round by round.
//
// # Why it works this way
//
// A trial is a fresh process, because the variance between processes is part of the
// answer. A hang or a crash then costs one cell. The measured part has a fixed length,
// not a shared count of iterations. With such a count, a fast worker would take the
// iterations of a starved one, and hide unfairness. No outlier is dropped. At every
// point, the baseline runs under two names. The difference between the two gives the A/A
// floor, and no smaller difference is claimed.
//
// # What a check may do
//
// The loop may call Worker.Fail at any time. A function given to Window.Check runs after
// all workers have returned, so it may read what they wrote without synchronization. An
// error that wraps ErrUnknown means that the check could not decide: it ran out of time,
// or a fault had no effect. That is never a pass. What the loop does for a check is
// measured with the implementation. So it should be a few instructions on the worker's
// own cache line.
//
// Stress runs the same bodies under disturbed schedules to look for errors. It measures
// nothing. It draws crowds and sizes from wide ranges (Within), and continues some windows
// with the subject of the window before (Load.Lasting). A load that cannot run here
// returns a SkipError.
//
// # Bring your own
//
// Test stresses each implementation of a suite under go test, by the same plan as contend
// stress, and Bench measures it. Package cli runs a suite with the whole contend command.
package harness
