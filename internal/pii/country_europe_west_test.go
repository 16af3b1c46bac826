package pii

import "testing"

// TestNationalEuropeWest: identifiers of western Europe. Published examples come from the issuers' own documents, the
// others were computed independently.
func TestNationalEuropeWest(t *testing.T) {
	testNational(t, []idTest{
		{
			name: "uk_nhs", keys: []string{"nhs", "nhs_number"}, patterns: []string{"!DDD-DDD-DDDD", "!DDD DDD DDDD", "DDDDDDDDDD"},
			valid:   []string{"943 476 5919", "798 428 4334", "6191749163", "2995631958", "8747950668"},
			invalid: []string{"943 476 5918", "0772396935", "6887606743", "0026147987"},
		},
		{
			name: "uk_nino", keys: []string{"nino", "ni_number"}, patterns: []string{`!\A\B DD DD DD \A`, `!\J\GDDDDDD\C`, `!\P\R DDDDDD\C`, `!\A\B DDDDDD \A`, `!\A\B-DDDDDD-\A`},
			valid:   []string{"AA 12 34 56 B", "PR 123612C", "ab123456c"},
			invalid: []string{"AA 12 34 56 H", "GB123456A", "DA123456A"},
			free:    true,
		},
		{
			name: "uk_utr", keys: []string{"utr", "taxpayer_reference"}, patterns: []string{"DDDDDDDDDD"},
			valid:   []string{"1955839661", "6197863441", "7378012656", "4616878738"},
			invalid: []string{"2955839661", "6197867441", "2717758447", "4701638740"},
			check:   9,
		},
		{
			name: "uk_driving_licence", keys: []string{"driving_licence"}, patterns: []string{`!\S\M\I\T\H712239\A\BDLL`},
			valid:   []string{"FO999512018AA1AB", "SMITH802290AB1CD"},
			invalid: []string{"MORGA601004SM9IJ", "MORGA601324SM9IJ"},
			free:    true,
		},
		{
			name: "uk_postcode", keys: []string{"postcode"}, patterns: []string{`\S\WD\A D\A\B`, `\MD D\A\A`},
			valid:   []string{"CR2 6XH", "M11AA"},
			invalid: []string{"QA1 1AA", "M1 1AI"},
			free:    true,
		},
		{
			name: "uk_passport", keys: []string{"passport"}, patterns: []string{"DDDDDDDDD"},
			free: true,
		},
		{
			name: "uk_vehicle_registration", keys: []string{"vrm", "number_plate"}, patterns: []string{`!\B\D52 LLL`, `\A\B70LLL`},
			valid:   []string{"AB51 ABC", "BD62XYZ"},
			invalid: []string{"AQ51 ABC", "AB35 ABC"},
			free:    true,
		},
		{
			name: "de_tax_id", keys: []string{"steuer_id", "IdNr"}, patterns: []string{"!DD DDD DDD DDD", "DDDDDDDDDDD"},
			valid:   []string{"65929970489", "86095742719", "12345678903", "69387656012", "86739345135", "98957403692"},
			invalid: []string{"65929970488", "02345678903", "96867714426", "50161721554", "32219507452"},
		},
		{
			name: "de_tax_number", keys: []string{"steuernummer"}, patterns: []string{"DDD/DDD/DDDDD", "DDDDDDDDDDDDD"},
			free: true,
		},
		{
			name: "de_social_security", keys: []string{"rvnr", "sozialversicherungsnummer"}, patterns: []string{"!DD<020106>LDDD", "!DD <020106> LDDD"},
			valid:   []string{"15070649C103", "65070803A019"},
			invalid: []string{"15070649C100", "15850649C103"},
		},
		{
			name: "de_health_insurance", keys: []string{"kvnr", "versichertennummer"}, patterns: []string{"!LDDDDDDDDD"},
			valid:   []string{"C000500021", "A123456780"},
			invalid: []string{"A123456787"},
		},
		{
			name: "de_id_card", keys: []string{"personalausweis", "ausweisnummer"}, patterns: []string{`!\L01\X\FDDD\TD`, `\LDDDDDDDD`},
			valid:   []string{"C01X00T478D", "T220001293", "L01X00T44"},
			invalid: []string{"L01X00T4A0"},
			free:    true,
		},
		{
			name: "de_passport", keys: []string{"reisepass", "passnummer"}, patterns: []string{`!\CDD\XDD\TDD`},
			valid:   []string{"C01X00T478", "F12345671"},
			invalid: []string{"C0123456A"},
			free:    true,
		},
		{
			name: "de_driver_license", keys: []string{"fuehrerschein"}, patterns: []string{`\BDD\R\R\ED\I\FDD`},
			valid: []string{"B072RRE2I55"},
			free:  true,
		},
		{
			name: "de_lanr", keys: []string{"lanr"}, patterns: []string{"DDDDDDDDD"},
			valid:   []string{"123456601"},
			invalid: []string{"123456701"},
			check:   2,
		},
		{
			name: "de_bsnr", keys: []string{"bsnr"}, patterns: []string{"DDDDDDDDD"},
			free: true,
		},
		{
			name: "de_vat", keys: []string{"vat_id", "ustid"}, patterns: []string{`!\D\EDDDDDDDDD`, `!\D\E DDD DDD DDD`},
			valid:   []string{"DE136695976", "de136695976", "DE453085083", "DE419468423", "DE832061037"},
			invalid: []string{"DE136695978", "DE956636474", "DE700401313", "DE897264850"},
		},
		{
			name: "at_vat", keys: []string{"uid", "vat"}, patterns: []string{`!\A\T\UDDDDDDDD`},
			valid:   []string{"ATU13585627", "ATU14608101", "ATU61865930", "ATU12688509"},
			invalid: []string{"ATU13585626", "AT123456789", "ATU41736664", "ATU03842050", "ATU52313338"},
		},
		{
			name: "fr_vat", keys: []string{"tva", "vat"}, patterns: []string{`!\F\RDDDDDDDDDDD`},
			valid:   []string{"FR40303265045", "FR17653842211", "FR88751267030", "FR92062767983"},
			invalid: []string{"FR41303265045", "FR99142576954", "FR08094282462", "FR74473607396"},
		},
		{
			name: "eu_vat", keys: []string{"vat", "vat_number"}, patterns: []string{`!\I\T007DDDD0DDD`, `!\B\E0DDDDDDDDD`, `!\P\LDDDDDDDDDD`, `!\P\TDDDDDDDDD`, `\N\LDDDDDDDDD\BDD`, `\D\KDDDDDDDD`},
			valid:   []string{"IT00743110157", "BE0428759497", "PL8567346215"},
			invalid: []string{"IT00743110158", "PL8567346216"},
			free:    true,
		},
		{
			name: "at_svnr", keys: []string{"svnr", "sozialversicherungsnummer"}, patterns: []string{"!DDDD <020106>", "DDDD<020106>"},
			valid:   []string{"1237 010180", "1237-010180", "5374251202", "5289130844", "3650071170"},
			invalid: []string{"1236010180", "5702040155", "7939301141", "8783060887"},
			check:   6,
		},
		{
			name: "be_national", keys: []string{"rijksregisternummer", "niss"}, patterns: []string{"!<06.01.02>-DDD.DD", "!<060102>DDDDD"},
			valid:   []string{"85.07.30-033.28", "93051822361", "81032134469", "69042420666", "74121731339"},
			invalid: []string{"85.07.30-033.29", "59051262047", "08050593476", "44100166455"},
		},
		{
			name: "fr_nir", keys: []string{"nir", "securite_sociale"}, patterns: []string{"!1<0601>75DDDDDDDD", "!2 <06 01> 75 DDD DDD DD"},
			valid:   []string{"289042B34216320", "2 89 04 78 342 163 49", "2-89-04-78342-163-49", "100056530689534", "204114009715701", "194097593798762"},
			invalid: []string{"278056933908997", "289042B34216321", "224032810337964", "287062622202872", "219103386857662"},
		},
		{
			name: "fr_siren", keys: []string{"siren"}, patterns: []string{"DDDDDDDDD", "DDD DDD DDD"},
			valid:   []string{"552 008 443", "595810284", "959991266", "278652631"},
			invalid: []string{"552 008 442", "414955587", "595860284", "374390740"},
		},
		{
			name: "fr_siret", keys: []string{"siret"}, patterns: []string{"DDDDDDDDD00DDD", "!DDD DDD DDD 00DDD"},
			valid:   []string{"73282932000074", "356 000 000 49837", "31357838749270", "85456792242242", "61906471035596"},
			invalid: []string{"73282932000079", "16991108061856", "03218435625102", "95863764054728"},
		},
		{
			name: "fr_nif", keys: []string{"numero_fiscal"}, patterns: []string{"0DDDDDDDDDDDD"},
			valid:   []string{"07 01 987 765 493", "1123337676244", "2292359330044", "0478652531364"},
			invalid: []string{"0701987765494", "1727171345208", "0659742436283", "2906914209524"},
		},
		{
			name: "fr_passport", keys: []string{"passeport"}, patterns: []string{"DDLLDDDDD"},
			free: true,
		},
		{
			name: "es_nif", keys: []string{"dni", "nif"}, patterns: []string{"!DDDDDDDDL", "!DDDDDDDD-L"},
			valid:   []string{"12345678Z", "55555555k", "1111111-G", "43867058D", "89009984F", "34107090E"},
			invalid: []string{"99999999T", "29636274V", "48712786P", "11145314Q"},
		},
		{
			name: "es_nie", keys: []string{"nie"}, patterns: []string{`!\YDDDDDDDL`, `!\X-DDDDDDD-L`},
			valid:   []string{"Y8063915Z", "Y0205768R", "Z3865558E", "Z0634528D"},
			invalid: []string{"Y8063915Q", "Z7826676J", "X5098696R", "Z1267072T"},
		},
		{
			name: "es_cif", keys: []string{"cif"}, patterns: []string{`\BDDDDDDDD`, `!\A-DDDDDDDD`},
			valid:   []string{"A58818501", "U61395471", "D65216384", "U42834820"},
			invalid: []string{"A58818502", "V76815123", "D37838581", "J92989364"},
		},
		{
			name: "es_passport", keys: []string{"pasaporte"}, patterns: []string{"LLLDDDDDD"},
			valid: []string{"AAA123456"},
			free:  true,
		},
		{
			name: "it_fiscal_code", keys: []string{"codice_fiscale"}, patterns: []string{`!LLLLLLDD\H14\FDDDL`, `!LLL LLL DD\T55 \HDDDL`},
			valid:   []string{"MRTMTT91D08 F205J", "MLLSNT82P65-Z404U", "FXUXUV27E11L385R", "IVXTAS46S13E498X", "MFCOLW17A04B241R"},
			invalid: []string{"MRTMTT91D08F205V", "UMNDEH81D25A492V", "HGKTWS60P16C602B", "WTOPVU48B05H534N"},
		},
		{
			name: "it_vat", keys: []string{"partita_iva", "p_iva"}, patterns: []string{"0DDDDDD015D"},
			valid:   []string{"01333550323", "00743110157", "24288880594", "54510990317", "07222380383"},
			invalid: []string{"00000000001", "00743110158", "73980103725", "75395996665", "46250443858"},
		},
		{
			name: "it_driver_license", keys: []string{"patente"}, patterns: []string{`!\U1\BDDDDDDL`},
			valid:   []string{"U1H00B000C", "U1K711J11M"},
			invalid: []string{"U1H00A000B"},
			free:    true,
		},
		{
			name: "it_id_card", keys: []string{"carta_identita", "cie"}, patterns: []string{`!\C\ADDDDDLL`, "LLDDDDDDD"},
			valid: []string{"AA12345aa"},
			free:  true,
		},
		{
			name: "it_passport", keys: []string{"passaporto"}, patterns: []string{"LLDDDDDDD"},
			valid: []string{"aa7654321"},
			free:  true,
		},
		{
			name: "nl_bsn", keys: []string{"bsn"}, patterns: []string{"DDDDDDDDD", "DDDD DD DDD"},
			valid:   []string{"1112.22.333", "111222333", "321743179", "773098331", "162183720"},
			invalid: []string{"111222334", "655257173", "331743179", "453388044"},
		},
		{
			name: "nl_passport", keys: []string{"paspoort"}, patterns: []string{`\X\RDDDD\RDD`},
			valid: []string{"XR1001R58"},
			free:  true,
		},
		{
			name: "pt_nif", keys: []string{"nif", "contribuinte"}, patterns: []string{"DDDDDDDDD", "DDD DDD DDD"},
			valid:   []string{"248 915 967", "389 982 482", "756374588", "793747929", "780861124"},
			invalid: []string{"248 915 968", "955989050", "697048974", "656374588"},
		},
		{
			name: "pt_citizen_card", keys: []string{"cartao_de_cidadao"}, patterns: []string{"DDDDDDDD D LLD", "DDDDDDDDDLLD"},
			valid:   []string{"00000000 0 ZZ4"},
			invalid: []string{"00000000 0 ZZ5"},
		},
		{
			name: "ch_ahv", keys: []string{"ahv", "avs"}, patterns: []string{"!756.DDDD.DDDD.DD", "!756DDDDDDDDDD"},
			valid:   []string{"756.9217.0769.85", "756.1234.5678.97", "7567379424750", "7567676146003", "7566605156519"},
			invalid: []string{"756.9217.0769.84", "7568464374577", "7569823240391", "7569702736879"},
		},
		{
			name: "ie_pps", keys: []string{"pps", "ppsn"}, patterns: []string{"!DDDDDDDL"},
			valid:   []string{"1084633RB", "6433435F", "6433435FT", "0981011F", "2147142JW", "9917465VA"},
			invalid: []string{"6433435E", "5677334AA", "9847921TW", "0537338A"},
		},
		{
			name: "lu_nin", keys: []string{"matricule"}, patterns: []string{"!<20060102>DDDDD"},
			valid:   []string{"1979122003208", "1966051507682"},
			invalid: []string{"1979122003209"},
		},
	})
}
