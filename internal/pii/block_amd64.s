//go:build amd64

#include "textflag.h"

// func classify(m *masks, p *byte, tables *[9][32]byte, n int)
//
// It reads 32 bytes where n is 32 or less, else 64.
// Each byte's class bits are lo[byte & 15] & hi[byte >> 4], for two pairs of tables (block_amd64.go says
// which bit is which class). A bit becomes a mask by moving it to the top of its byte.
//
// Y5-Y13 are the tables and constants, CLASSES takes 32 bytes in Y0 and leaves the bits in Y1 and Y2.
#define CLASSES \
	VPSRLW  $4, Y0, Y3   \
	VPAND   Y9, Y3, Y3   \
	VPSHUFB Y0, Y5, Y1   \
	VPSHUFB Y3, Y6, Y4   \
	VPAND   Y4, Y1, Y1   \
	VPSHUFB Y0, Y7, Y2   \
	VPSHUFB Y3, Y8, Y4   \
	VPAND   Y4, Y2, Y2

#define DIGIT(R) VPSLLW $7, Y1, Y4; VPMOVMSKB Y4, R
#define LETTER(R) VPAND Y11, Y1, Y4; VPADDB Y10, Y4, Y4; VPMOVMSKB Y4, R
#define JOIN(R) VPADDB Y1, Y1, Y4; VPOR Y1, Y4, Y4; VPMOVMSKB Y4, R
#define SEP(R) VPSLLW $4, Y1, Y4; VPMOVMSKB Y4, R
#define PAIR(R) VPSLLW $3, Y1, Y4; VPMOVMSKB Y4, R
#define OPEN(R) VPSLLW $2, Y1, Y4; VPMOVMSKB Y4, R
#define RARE(R) VPAND Y12, Y2, Y4; VPADDB Y10, Y4, Y4; VPOR Y0, Y4, Y4; VPMOVMSKB Y4, R
#define UPPER(R) VPAND Y13, Y2, Y4; VPADDB Y10, Y4, Y4; VPMOVMSKB Y4, R
#define COLON(R) VPSLLW $4, Y2, Y4; VPMOVMSKB Y4, R
#define DOT(R) VPADDB Y2, Y2, Y4; VPMOVMSKB Y4, R

// BOTH joins the mask of the upper half in AX with that of the lower one in R and writes it.
#define BOTH(R, AT) SHLQ $32, AX; ORQ R, AX; MOVQ AX, AT(DI)

TEXT ·classify(SB), NOSPLIT, $0-32
	MOVQ m+0(FP), DI
	MOVQ p+8(FP), SI
	MOVQ tables+16(FP), AX
	VMOVDQU 0(AX), Y5
	VMOVDQU 32(AX), Y6
	VMOVDQU 64(AX), Y7
	VMOVDQU 96(AX), Y8
	VMOVDQU 128(AX), Y9
	VMOVDQU 160(AX), Y10
	VMOVDQU 192(AX), Y11
	VMOVDQU 224(AX), Y12
	VMOVDQU 256(AX), Y13

	VMOVDQU 0(SI), Y0
	CLASSES
	DIGIT(R8)
	LETTER(R9)
	JOIN(R10)
	SEP(R11)
	PAIR(R12)
	RARE(R13)
	OPEN(BX)
	UPPER(CX)
	COLON(DX)
	DOT(R15)

	CMPQ n+24(FP), $32
	JLE  half

	VMOVDQU 32(SI), Y0
	CLASSES
	DIGIT(AX)
	BOTH(R8, 0)
	LETTER(AX)
	BOTH(R9, 8)
	JOIN(AX)
	BOTH(R10, 16)
	SEP(AX)
	BOTH(R11, 24)
	PAIR(AX)
	BOTH(R12, 32)
	RARE(AX)
	BOTH(R13, 40)
	OPEN(AX)
	BOTH(BX, 48)
	UPPER(AX)
	BOTH(CX, 56)
	COLON(AX)
	BOTH(DX, 64)
	DOT(AX)
	BOTH(R15, 72)
	VZEROUPPER
	RET

half:
	MOVQ R8, 0(DI)
	MOVQ R9, 8(DI)
	MOVQ R10, 16(DI)
	MOVQ R11, 24(DI)
	MOVQ R12, 32(DI)
	MOVQ R13, 40(DI)
	MOVQ BX, 48(DI)
	MOVQ CX, 56(DI)
	MOVQ DX, 64(DI)
	MOVQ R15, 72(DI)
	VZEROUPPER
	RET

// func avx2() bool
//
// Intel's manual, volume 1, section 14.7.1: the processor has AVX2, and the system keeps its registers.
TEXT ·avx2(SB), NOSPLIT, $0-1
	MOVB $0, ret+0(FP)
	XORL AX, AX
	XORL CX, CX
	CPUID
	CMPL AX, $7
	JLT  done
	MOVL $1, AX
	XORL CX, CX
	CPUID
	ANDL $0x18000000, CX // OSXSAVE, AVX
	CMPL CX, $0x18000000
	JNE  done
	XORL CX, CX
	XGETBV
	ANDL $6, AX
	CMPL AX, $6
	JNE  done
	MOVL $7, AX
	XORL CX, CX
	CPUID
	ANDL $0x20, BX
	JEQ  done
	MOVB $1, ret+0(FP)

done:
	RET
