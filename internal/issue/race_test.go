//go:build race

package issue_test

// million is how many occurrences TestMillion counts: the race detector makes everything ten times as slow.
const million = 100_000
