package load

import "reflect"

// ZeroOf returns the zero value of the type that made has, or a pointer to one if made is
// a pointer: what a user has who declares a variable and calls no constructor.
func ZeroOf[T any](made T) T {
	kind := reflect.TypeOf(made)
	if kind.Kind() == reflect.Pointer {
		return reflect.New(kind.Elem()).Interface().(T)
	}
	return reflect.Zero(kind).Interface().(T)
}
