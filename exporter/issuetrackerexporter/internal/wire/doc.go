// Package wire is the HTTP sender that all trackers share: it says what an answer means, keeps a
// target's limits, and never lets a secret into an error.
package wire
