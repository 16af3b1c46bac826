package pii

import "testing"

// TestNationalAfrica: identifiers of Africa and the Middle East. Published examples come from the issuers' own documents, the
// others were computed independently.
func TestNationalAfrica(t *testing.T) {
	testNational(t, []idTest{
		{
			name: "za_id", keys: []string{"rsa_id", "id_number"}, patterns: []string{"!<060102>DDDD08D"},
			valid:   []string{"8001015009087", "9202201234088", "9312173844085", "7609167440198", "4303176097198"},
			invalid: []string{"8001015009176", "8001015009088", "6408187326081", "9305248229196", "6208148156190"},
		},
		{
			name: "ng_nin", keys: []string{"nin", "nimc_no"}, patterns: []string{"DDDDDDDDDDD"},
			invalid: []string{"12345678901"},
		},
		{
			name: "ng_vehicle_registration", keys: []string{"plate"}, patterns: []string{"LLL-DDDLL"},
			valid: []string{"app-456cv"},
			free:  true,
		},
		{
			name: "eg_id", keys: []string{"egyptian_id", "الرقم القومي"}, patterns: []string{"2<060102>01DDDDD"},
			valid:   []string{"29001011234567"},
			invalid: []string{"29013011234567"},
			free:    true,
		},
		{
			name: "il_id", keys: []string{"israeli_id", "teudat_zehut"}, patterns: []string{"DDDDDDDDD"},
			valid:   []string{"039337423", "742167562", "068901560", "391704640"},
			invalid: []string{"039337424", "504751161", "873309596", "795406844"},
		},
		{
			name: "ae_id", keys: []string{"emirates_id", "eid"}, patterns: []string{"!784-1984-DDDDDDD-D", "!7841990DDDDDDDD"},
			valid:   []string{"784-1990-1234567-6"},
			invalid: []string{"784-1990-1234567-7"},
		},
		{
			name: "sa_id", keys: []string{"iqama", "saudi_id"}, patterns: []string{"1DDDDDDDDD", "2DDDDDDDDD"},
		},
	})
}
