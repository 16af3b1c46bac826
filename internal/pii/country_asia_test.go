package pii

import "testing"

// TestNationalAsia: identifiers of Asia and the Pacific. Published examples come from the issuers' own documents, the
// others were computed independently.
func TestNationalAsia(t *testing.T) {
	testNational(t, []idTest{
		{
			name: "kr_brn", keys: []string{"brn", "사업자등록번호"}, patterns: []string{"!DDD-DD-DDDDD", "DDDDDDDDDD"},
			valid:   []string{"104-86-56659", "104-82-13138", "1048656659"},
			invalid: []string{"104-86-56658"},
		},
		{
			name: "kr_corporate", keys: []string{"법인등록번호", "corporate"}, patterns: []string{"180171-DDDDDDD"},
			valid:   []string{"130111-0006246"},
			invalid: []string{"130111-0006247"},
		},
		{
			name: "kr_passport", keys: []string{"여권번호", "passport"}, patterns: []string{`!\MDDD\BDDDD`, `\MDDDDDDDD`},
			valid:   []string{"M456B7890", "m456B7890", "M12345678"},
			invalid: []string{"A456B7890"},
			free:    true,
		},
		{
			name: "kr_driver_license", keys: []string{"운전면허", "driver_license"}, patterns: []string{"!11-DD-DDDDDD-DD", "!26 DD DDDDDD DD", "12DDDDDDDDDD"},
			valid:   []string{"11-22-123456-12", "112212345612"},
			invalid: []string{"10-22-123456-12"},
			free:    true,
		},
		{
			name: "kr_health_insurance", keys: []string{"건강보험증"}, patterns: []string{"DDDDDDDDDDD"},
			free: true,
		},
		{
			name: "jp_my_number", keys: []string{"マイナンバー", "my_number"}, patterns: []string{"DDDD-DDDD-DDDD", "DDDDDDDDDDDD"},
			valid:   []string{"123456789018", "444196476992", "866403929341", "670677433243"},
			invalid: []string{"123456789012", "092230504165", "815050502470", "251558269952"},
		},
		{
			name: "jp_corporate", keys: []string{"法人番号"}, patterns: []string{"DDDDDDDDDDDDD", `\TDDDDDDDDDDDDD`},
			valid:   []string{"5835678256246", "T7000012050002", "8414382981683", "9624008153043", "9696003391926"},
			invalid: []string{"T8000012050002", "2710166302325", "3672482980764", "7469180482818"},
			check:   12,
		},
		{
			name: "jp_passport", keys: []string{"旅券", "passport"}, patterns: []string{"LLDDDDDDD"},
			free: true,
		},
		{
			name: "jp_driver_license", keys: []string{"運転免許証"}, patterns: []string{"DDDDDDDDDDDD"},
			free: true,
		},
		{
			name: "cn_resident_id", keys: []string{"身份证号", "id_card"}, patterns: []string{"!110101<20060102>DDDD"},
			valid:   []string{"51323120001212185X", "11010519491231002X", "110101196109037769", "110101195802109623", "513231194802016458"},
			invalid: []string{"110105194912310021", "110101200101253619", "440106202301061475", "310104198101158522"},
		},
		{
			name: "cn_passport", keys: []string{"护照"}, patterns: []string{`\EDDDDDDDD`},
			free: true,
		},
		{
			name: "tw_id", keys: []string{"身分證字號", "taiwan_id"}, patterns: []string{"!L1DDDDDDDD", "!L2DDDDDDDD"},
			valid:   []string{"A123456789", "A800000014"},
			invalid: []string{"A123456788"},
		},
		{
			name: "hk_hkid", keys: []string{"hkid", "身份證"}, patterns: []string{"!LDDDDDD(D)", "LDDDDDDD"},
			valid:   []string{"A123456(3)", "AB987654(3)"},
			invalid: []string{"A123456(4)"},
		},
		{
			name: "sg_nric", keys: []string{"nric", "fin"}, patterns: []string{`!\SDDDDDDDL`, `!\GDDDDDDDL`},
			valid:   []string{"S2740116C", "g3970684p", "M2200054X"},
			invalid: []string{"g3970683p", "M9612050Q"},
		},
		{
			name: "sg_uen", keys: []string{"uen"}, patterns: []string{"!DDDDDDDDL", "!2014DDDDDL", `!\S57\T\UDDDDL`},
			valid:   []string{"53125226D", "201434292D", "S57TU0392K", "86047539E", "200366086D", "88783873A"},
			invalid: []string{"53125226E", "201547579C", "T01LL0582L", "202533324C"},
		},
		{
			name: "in_aadhaar", keys: []string{"aadhaar", "uidai_no"}, patterns: []string{"!DDDD DDDD DDDD", "!DDDD-DDDD-DDDD", "!DDDD:DDDD:DDDD", "DDDDDDDDDDDD"},
			valid:   []string{"312345678909", "3998-7654-3211", "876004382665", "847135530134", "951544945793"},
			invalid: []string{"123456789012", "312345678908", "073600834461", "375072754793", "546115939126"},
		},
		{
			name: "in_pan", keys: []string{"pan", "pan_card"}, patterns: []string{`!LLL\PLDDDDL`, `!LLL\CLDDDDL`},
			valid: []string{"AAAPA1111R", "ABCND1234Z", "IUBFH2112M", "ZVZAN2062T", "OQHBA5376I"},
			free:  true,
		},
		{
			name: "in_gstin", keys: []string{"gstin", "gst"}, patterns: []string{`!27LLL\PLDDDDL1\ZD`},
			valid:   []string{"27AAPFU0939F1ZV", "16NFDFF6358D1ZX", "36ZWTBX7861K1ZD", "20BCPHW4465Z1ZO"},
			invalid: []string{"27AAPFU0939F1ZW", "19OOVGN1760P1Z1", "22XEFJT4218V1ZM", "26TDBHP0851L1Z9"},
		},
		{
			name: "in_voter", keys: []string{"voter_id", "epic_no"}, patterns: []string{"LLLDDDDDDD"},
			valid: []string{"uzb2345117", "CPJ4467918"},
			free:  true,
		},
		{
			name: "in_passport", keys: []string{"passport"}, patterns: []string{`\JDDDDDDD`},
			free: true,
		},
		{
			name: "in_vehicle_registration", keys: []string{"vehicle_no", "registration"}, patterns: []string{`!\K\A05LLDDDD`, `!\M\HDD LL DDDD`},
			valid: []string{"OD02BA2341"},
			free:  true,
		},
		{
			name: "th_id", keys: []string{"thai_id", "เลขประจำตัวประชาชน"}, patterns: []string{"!1-DDDD-DDDDD-DD-D", "1DDDDDDDDDDDD"},
			valid:   []string{"2345678901234", "5678901234560", "1689872212468", "3989186338273", "4394049806975"},
			invalid: []string{"2345678901235", "0234567890124", "0324882823272", "3559558759235", "2990802433343"},
		},
		{
			name: "id_nik", keys: []string{"nik", "ktp"}, patterns: []string{"3204DD<020106>DDDD"},
			valid:   []string{"3204110609970001", "3204130709386139", "3171111412461131", "3204240210723564"},
			invalid: []string{"3204113909970001"},
			free:    true,
		},
		{
			name: "my_mykad", keys: []string{"mykad", "ic_number"}, patterns: []string{"!<060102>-14-DDDD", "<060102>14DDDD"},
			valid:   []string{"770305-02-1234", "370129227469", "410723016623", "920212225591"},
			invalid: []string{"770305-17-1234"},
			free:    true,
		},
		{
			name: "ph_tin", keys: []string{"tin"}, patterns: []string{"DDD-DDD-DDD-000"},
			valid: []string{"000-123-456-000"},
			free:  true,
		},
		{
			name: "ph_sss", keys: []string{"sss", "umid"}, patterns: []string{"DD-DDDDDDD-D"},
			free: true,
		},
		{
			name: "vn_cccd", keys: []string{"cccd"}, patterns: []string{"001DDDDDDDDD"},
			invalid: []string{"999123456789"},
			free:    true,
		},
		{
			name: "pk_cnic", keys: []string{"cnic"}, patterns: []string{"!42201-DDDDDDD-D", "3DDDDDDDDDDDD"},
			valid:   []string{"34201-0891231-8", "32303-1439761-3", "67452-0732245-1", "25136-3528047-3"},
			invalid: []string{"94201-0891231-8"},
			free:    true,
		},
		{
			name: "au_tfn", keys: []string{"tfn", "tax_file_number"}, patterns: []string{"DDD DDD DDD", "DDDDDDDDD"},
			valid:   []string{"123 456 782", "37-118-660", "1124-740-82", "705880485", "127164382", "813318411"},
			invalid: []string{"123 456 783", "1124-740-83", "437626712", "870020831", "279599408"},
		},
		{
			name: "au_abn", keys: []string{"abn"}, patterns: []string{"!DD DDD DDD DDD", "!DDDDDDDDDDD"},
			valid:   []string{"51 824 753 556", "14791217063", "82532906375", "11131944090"},
			invalid: []string{"52 824 753 556", "37050577794", "50295136974", "47998202006"},
		},
		{
			name: "au_acn", keys: []string{"acn"}, patterns: []string{"DDD DDD DDD", "DDDDDDDDD"},
			valid:   []string{"005 499 981", "006249976", "436040050", "166364227", "401987648"},
			invalid: []string{"824 753 557", "412489994", "067621066", "614839609"},
		},
		{
			name: "au_medicare", keys: []string{"medicare"}, patterns: []string{"!2DDD DDDDD 1", "3DDDDDDDD1"},
			valid:   []string{"2123 45670 1", "6216795759", "437425050"},
			invalid: []string{"2123 25870 1", "6216795722"},
			free:    true,
		},
		{
			name: "au_passport", keys: []string{"passport"}, patterns: []string{`\NDDDDDDD`},
			free: true,
		},
		{
			name: "au_driver_license", keys: []string{"driver_licence"}, patterns: []string{"DDDDDDDD"},
			free: true,
		},
		{
			name: "nz_ird", keys: []string{"ird", "ird_number"}, patterns: []string{"49-DDD-DDD", "09DDDDDDD"},
			valid:   []string{"49-091-850", "136410132", "059681931", "123439198", "109667102"},
			invalid: []string{"49-091-851", "019681931", "046458002", "180436987"},
		},
	})
}
