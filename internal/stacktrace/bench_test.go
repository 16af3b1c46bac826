package stacktrace

import "testing"

// BenchmarkParse parses, per language, every tenth sample once an iteration.
func BenchmarkParse(b *testing.B) {
	for _, lang := range []string{"python", "java", "node", "go", "dotnet", "ruby", "php", "rust", "perl"} {
		rows := loadTruth(b, "testdata/"+lang+".jsonl")
		var texts []string
		size, frames := 0, 0
		for i := 0; i < len(rows); i++ {
			if len(rows[i].Stacktrace) > 8000 {
				continue
			}
			texts = append(texts, rows[i].Stacktrace)
			size += len(rows[i].Stacktrace)
			frames += len(rows[i].Frames)
		}
		for _, hinted := range []bool{true, false} {
			name, hint := lang+"/detected", Unknown
			if hinted {
				name, hint = lang+"/hinted", languageOf[lang]
			}
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(size / len(texts)))
				i := 0
				for b.Loop() {
					if _, ok := Parse(texts[i%len(texts)], hint); !ok {
						b.Fatal("not parsed")
					}
					i++
				}
				b.ReportMetric(float64(frames)/float64(len(texts)), "frames/op")
			})
		}
	}
}
