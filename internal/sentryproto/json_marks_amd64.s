#include "textflag.h"

DATA quotes<>+0(SB)/8, $0x2222222222222222
DATA quotes<>+8(SB)/8, $0x2222222222222222
GLOBL quotes<>(SB), RODATA|NOPTR, $16

DATA slashes<>+0(SB)/8, $0x5c5c5c5c5c5c5c5c
DATA slashes<>+8(SB)/8, $0x5c5c5c5c5c5c5c5c
GLOBL slashes<>(SB), RODATA|NOPTR, $16

DATA blanks<>+0(SB)/8, $0x2020202020202020
DATA blanks<>+8(SB)/8, $0x2020202020202020
GLOBL blanks<>(SB), RODATA|NOPTR, $16

// MARKS leaves the marks of 16 bytes in R. As signed numbers the bytes above 127 are less than a blank, as
// control characters are.
#define MARKS(AT, R) \
	MOVOU    AT(SI), X0 \
	MOVO     X7, X1     \
	PCMPGTB  X0, X1     \
	MOVO     X5, X2     \
	PCMPEQB  X0, X2     \
	PCMPEQB  X6, X0     \
	POR      X1, X0     \
	POR      X2, X0     \
	PMOVMSKB X0, R

// func markBlocks(marks *uint64, p *byte, blocks int)
TEXT ·markBlocks(SB), NOSPLIT, $0-24
	MOVQ  marks+0(FP), DI
	MOVQ  p+8(FP), SI
	MOVQ  blocks+16(FP), CX
	MOVOU quotes<>(SB), X5
	MOVOU slashes<>(SB), X6
	MOVOU blanks<>(SB), X7

loop:
	MARKS(0, AX)
	MARKS(16, BX)
	MARKS(32, R8)
	MARKS(48, R9)
	SHLQ  $16, BX
	SHLQ  $32, R8
	SHLQ  $48, R9
	ORQ   BX, AX
	ORQ   R9, R8
	ORQ   R8, AX
	MOVQ  AX, (DI)
	ADDQ  $64, SI
	ADDQ  $8, DI
	DECQ  CX
	JNZ   loop
	RET
