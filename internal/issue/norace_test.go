//go:build !race

package issue_test

// million is how many occurrences TestMillion counts.
const million = 1_000_000
