//go:build !amd64

package pii

// wide: there is no faster way here than byte by byte.
const wide = false

func (t *lanes) loadWide(*masks, string, int) {}
