module example.com/mylock

go 1.26.0

require github.com/contendbench/contend v0.0.0

replace github.com/contendbench/contend => ../../..
