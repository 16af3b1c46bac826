package webtest

import (
	"time"

	"github.com/otel-culprit/culprit/internal/issue"
)

type counts = map[string]uint64

func shopServices(now time.Time) []issue.ServiceStats {
	s := func(name string, logs, spans, errors uint64, trace, redacted, calls, roots counts) issue.ServiceStats {
		st := issue.ServiceStats{
			Service: name, LastSeen: now.Add(-20 * time.Second), Records: counts{"logs": logs, "traces": spans}, Errors: errors,
			ErrorRate: float64(errors) / float64(max(logs+spans, 1)), TraceIDs: trace, Redacted: redacted, Calls: calls, Roots: roots, Coverage: -1, LostContext: -1,
		}
		var all, called, lost uint64
		for _, n := range trace {
			all += n
		}
		for _, n := range calls {
			called += n
		}
		for _, n := range roots {
			lost += n
		}
		if all > 0 {
			st.Coverage = float64(trace["present"]+trace["recovered"]) / float64(all)
		}
		if called > 0 {
			st.LostContext = float64(lost) / float64(called)
		}
		return st
	}
	return []issue.ServiceStats{
		s("api-gateway", 1_840_000, 2_310_000, 512, counts{"present": 1_839_200, "recovered": 640, "missing": 160}, counts{"bearer_token": 18_420, "ipv4": 9_210, "email": 311}, counts{"web-frontend": 910_000, "mobile-app": 402_000}, nil),
		s("auth", 410_200, 702_000, 7205, counts{"present": 401_100, "recovered": 7_400, "missing": 1_700}, counts{"password": 4_120, "email": 12_830, "jwt": 3_004}, counts{"api-gateway": 620_000}, counts{"": 1_200}),
		s("billing", 388_000, 291_000, 1981, counts{"present": 301_000, "recovered": 61_000, "generated": 4_000, "missing": 22_000}, counts{"credit_card": 2_913, "iban": 804, "email": 6_120, "postal_address": 77}, counts{"checkout": 88_000, "legacy-shop": 31_000}, counts{"legacy-shop": 30_100}),
		s("checkout", 640_000, 820_000, 48_439, counts{"present": 636_900, "recovered": 2_700, "missing": 400}, counts{"email": 31_200, "phone_number": 8_840, "credit_card": 12}, counts{"api-gateway": 140_000}, nil),
		s("inventory", 512_000, 610_000, 412, counts{"present": 511_800, "recovered": 200}, nil, counts{"checkout": 121_000, "shipping": 44_000}, counts{"shipping": 5_200}),
		s("legacy-shop", 702_000, 31_000, 640, counts{"present": 31_000, "recovered": 488_000, "generated": 40_000, "missing": 131_000, "invalid": 12_000}, counts{"email": 22_100, "national_id": 61, "password": 9}, counts{"api-gateway": 71_000}, counts{"api-gateway": 9_800}),
		s("mobile-app", 0, 92_000, 18, nil, nil, nil, nil),
		s("notifications", 208_000, 96_000, 5075, counts{"present": 188_000, "recovered": 9_000, "missing": 11_000}, counts{"email": 188_000, "phone_number": 21_400}, counts{"checkout": 40_200, "shipping": 21_300}, nil),
		s("recommendations", 1_120_000, 1_404_000, 15_413, counts{"present": 1_118_000, "recovered": 1_500, "missing": 500}, counts{"ipv4": 1_200}, counts{"api-gateway": 402_000}, nil),
		s("search", 960_000, 1_210_000, 1001, counts{"present": 958_000, "missing": 2_000}, counts{"email": 204}, counts{"api-gateway": 388_000, "recommendations": 201_000}, nil),
		s("shipping", 184_000, 142_000, 314, counts{"present": 141_000, "recovered": 12_000, "missing": 30_000, "invalid": 1_000}, counts{"postal_address": 44_300, "phone_number": 12_010}, counts{"checkout": 36_000}, counts{"checkout": 310}),
		s("web-frontend", 88_000, 310_000, 37, counts{"present": 87_900, "missing": 100}, counts{"email": 92}, nil, nil),
	}
}
