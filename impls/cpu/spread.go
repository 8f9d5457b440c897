package cpu

import (
	"runtime"
	"unsafe"
)

// Spread returns a number by which goroutines choose among places, such as the stripes of
// a counter. Goroutines that run at the same time mostly get different numbers. One that
// asks again mostly gets the same. All of its bits are mixed, so a mask may take the low
// ones.
//
// A goroutine cannot know its processor or its own name, but it has a stack, and stacks
// lie at different addresses. The address is never turned back into a pointer. A stack
// that moves changes the number, so only speed may depend on it.
func Spread() uint64 {
	var onStack byte
	return uint64(uintptr(unsafe.Pointer(&onStack))) >> minStackBits * golden >> 32
}

const (
	minStackBits = 11 // a stack has at least 2048 bytes
	golden       = 0x9E3779B97F4A7C15
)

// Places is a good number of places to spread over: four for each processor, rounded up
// to a power of two.
func Places() int { return PowerOfTwo(4 * runtime.GOMAXPROCS(0)) }
