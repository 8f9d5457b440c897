package results

import "encoding/binary"

// shared holds the texts and parameters that trials of a journal have in common. Each is
// kept once, since a journal repeats them in every line.
type shared struct {
	texts  map[string]string
	params map[string][]Param
	key    []byte
}

func newShared() *shared {
	return &shared{texts: map[string]string{}, params: map[string][]Param{}}
}

func (s *shared) text(text string) string {
	if known, ok := s.texts[text]; ok {
		return known
	}
	s.texts[text] = text
	return text
}

// in lets a trial refer to what is shared.
func (s *shared) in(t *Trial) {
	t.Contract, t.Work, t.Impl, t.Side = s.text(t.Contract), s.text(t.Work), s.text(t.Impl), s.text(t.Side)
	t.Status = Status(s.text(string(t.Status)))
	values := make(map[string]float64, len(t.Values))
	for unit, v := range t.Values {
		values[s.text(unit)] = v
	}
	if t.Values != nil {
		t.Values = values
	}
	s.key = s.key[:0]
	for _, p := range t.Params {
		s.key = append(binary.AppendUvarint(s.key, uint64(len(p.Key))), p.Key...)
		s.key = append(binary.AppendUvarint(s.key, uint64(len(p.Value))), p.Value...)
	}
	known, ok := s.params[string(s.key)]
	if !ok {
		known = t.Params
		s.params[string(s.key)] = known
	}
	if t.Params != nil {
		t.Params = known
	}
}
