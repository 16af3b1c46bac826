//go:build !amd64

package sentryproto

func markBlocks(marks *uint64, p *byte, blocks int) { markBlocksPlain(marks, p, blocks) }
