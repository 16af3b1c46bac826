package stacktrace

// CleanFunction returns the part of a function's name that stays the same from build to build:
// without the numbers of lambdas and closures, generated suffixes, type arguments and hashes.
func CleanFunction(language Language, name string) string {
	return name
}
