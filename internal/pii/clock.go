package pii

import "time"

// thisYear bounds dates of birth. One process's life is short enough for a constant.
var thisYear = time.Now().Year()
