package pii

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestPairTable: only neighbours of a shape pass, whatever their size.
func TestPairTable(t *testing.T) {
	var root node
	var pairs pairTable
	for _, shape := range []string{"DD-LLA", "D{4} D{20}", "D{20} D{3}"} {
		assert.NoError(t, root.addShape(shape, end{}, &pairs))
	}
	assert.True(t, pairs.has('-', 2, onlyDigits, 3, onlyLetters))
	assert.True(t, pairs.has('-', 2, onlyDigits, 3, bothKinds))
	assert.False(t, pairs.has(' ', 2, onlyDigits, 3, bothKinds))
	assert.False(t, pairs.has('-', 2, onlyDigits, 3, onlyDigits))
	assert.False(t, pairs.has('-', 2, bothKinds, 3, bothKinds))
	assert.False(t, pairs.has('-', 3, bothKinds, 2, onlyDigits))
	assert.True(t, pairs.hasFirst('-', 2, onlyDigits))
	assert.False(t, pairs.hasFirst('-', 3, bothKinds))
	assert.True(t, pairs.hasSecond('-', 3, bothKinds))
	assert.False(t, pairs.hasSecond('-', 2, onlyDigits))
	// Groups longer than the table pass where some shape has one there.
	assert.True(t, pairs.hasFirst(' ', 4, onlyDigits) && pairs.has(' ', 4, onlyDigits, 20, onlyDigits))
	assert.True(t, pairs.hasSecond(' ', 3, onlyDigits) && pairs.has(' ', 20, onlyDigits, 3, onlyDigits))
	assert.False(t, root.completes(3, 0))
	// Beginnings are told apart by their separator; no shape is one group alone.
	assert.True(t, pairs.begin[separatorKind('-')].has(2, onlyDigits, 3, bothKinds))
	assert.False(t, pairs.begin[separatorKind(' ')].has(2, onlyDigits, 3, bothKinds))
	assert.Zero(t, pairs.alone[4])
}
