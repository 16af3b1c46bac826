package sentryproto

// markBlocks writes the marks of blocks of 64 bytes, 16 at a time: every x86-64 processor has SSE2.
//
//go:noescape
func markBlocks(marks *uint64, p *byte, blocks int)
