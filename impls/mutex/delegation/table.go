package delegation

import "github.com/contendbench/contend/impls"

// All returns the delegation locks. Adapt makes delegates of the locks of package mutex.
func All() []impls.Impl[New] {
	return []impls.Impl[New]{
		impls.Headline(impls.New("flat-combining", impls.Atomic, "Hendler, Incze, Shavit and Tzafrir 2010, §2",
			func() Doer { return new(FlatCombining) }, impls.ZeroValue)),
		impls.Formerly("flat-combining", impls.New("oyama", impls.Atomic, "Oyama, Taura and Yonezawa 1999, §3",
			func() Doer { return new(Oyama) }, impls.ZeroValue)),
		impls.New("owner", impls.Channel, "Hoare 1978, §5", func() Doer { return NewOwner() }, impls.StarvationFree),
	}
}
