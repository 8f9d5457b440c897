package harness

import (
	"fmt"
	"reflect"
	"sync"
)

// subjects are what the windows of a stress run made and a later window continues with.
// What wears out or wraps around shows only in a subject that has lived for long.
type subjects struct {
	mu   sync.Mutex
	made map[string][][]reflect.Value // results of the constructor by its arguments, in order of its calls
	used map[string]int               // how many of them the current window has
}

// forget drops all subjects.
func (s *subjects) forget() { s.made = map[string][][]reflect.Value{} }

// restart lets a new window have the subjects again, in the same order.
func (s *subjects) restart() { s.used = map[string]int{} }

// lasting returns a constructor that hands out what create made for earlier windows, and
// calls it when there is no more. A window that calls it many times gets as many subjects.
func lasting[C any](create C, s *subjects) C {
	f := reflect.ValueOf(create)
	if f.Kind() != reflect.Func || f.Type().IsVariadic() {
		return create
	}
	return reflect.MakeFunc(f.Type(), func(args []reflect.Value) []reflect.Value {
		s.mu.Lock()
		defer s.mu.Unlock()
		key := ""
		for _, a := range args {
			key += fmt.Sprintf("%v,", a)
		}
		at := s.used[key]
		s.used[key]++
		if at == len(s.made[key]) {
			s.made[key] = append(s.made[key], f.Call(args))
		}
		return s.made[key][at]
	}).Interface().(C)
}
