package impls

import (
	"runtime"
	"unsafe"
)

// Spread returns a number by which goroutines can choose among places, such as the stripes of a counter: goroutines that run at
// the same time mostly get different ones, and one that asks again mostly gets the same. Its low bits are as good as any.
//
// A goroutine cannot know its processor or its own name, but it has a stack, and stacks lie at different addresses. The address is
// only looked at, never turned back into a pointer; a stack that moves changes the number, so nothing but speed may rest on it.
func Spread() uint64 {
	var onStack byte
	return uint64(uintptr(unsafe.Pointer(&onStack))) >> leastStack * golden >> 32
}

const (
	leastStack = 11 // a stack has 2048 bytes at the least
	golden     = 0x9E3779B97F4A7C15
)

// Places is a good number of places to spread over: four for each processor, rounded up to a power of two.
func Places() int {
	n := 1
	for n < 4*runtime.GOMAXPROCS(0) {
		n *= 2
	}
	return n
}
