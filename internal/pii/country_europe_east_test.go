package pii

import "testing"

// TestNationalEuropeEast: identifiers of northern and eastern Europe. Published examples come from the issuers' own documents, the
// others were computed independently.
func TestNationalEuropeEast(t *testing.T) {
	testNational(t, []idTest{
		{
			name: "pl_pesel", keys: []string{"pesel"}, patterns: []string{"!<060102>DDDDD"},
			valid:   []string{"44051401458", "42061343568", "51052609037", "77043097892"},
			invalid: []string{"44051401459", "11110021111", "94111694108", "98071425028", "97072500808"},
		},
		{
			name: "pl_nip", keys: []string{"nip"}, patterns: []string{"!DDD-DDD-DD-DD", "DDDDDDDDDD"},
			valid:   []string{"392-86-21-931", "8567346215", "6803098079", "1053645160", "9519415410"},
			invalid: []string{"3928621933", "6803094079", "5718887467", "1053645120"},
		},
		{
			name: "pl_regon", keys: []string{"regon"}, patterns: []string{"DDDDDDDDD", "DDDDDDDDDDDDDD"},
			valid:   []string{"192598184", "123456785", "726262590", "790220882", "327225214"},
			invalid: []string{"192598183", "51864868238290", "20241463907187", "922381225"},
		},
		{
			name: "pl_id_card", keys: []string{"dowod_osobisty"}, patterns: []string{"LLLDDDDDD"},
			valid:   []string{"ABA300000"},
			invalid: []string{"ABA400000"},
			check:   5,
		},
		{
			name: "se_personnummer", keys: []string{"personnummer", "personnr"}, patterns: []string{"!<060102>-DDDD", "!<060102>+DDDD", "!<20060102>-DDDD", "!<20060102>DDDD"},
			valid:   []string{"670919-9530", "189110089811", "811228-9874", "870501-0612", "820702-1752", "511219-7164"},
			invalid: []string{"670919-9531", "870501-0610", "560107-5157", "730824-8008"},
		},
		{
			name: "se_org", keys: []string{"orgnr", "organisationsnummer"}, patterns: []string{"!556DDD-DDDD", "556DDDDDDD"},
			valid:   []string{"212000-0142", "5567037485", "7975619698", "8576166469", "8977585366"},
			invalid: []string{"212000-0143", "7195572239", "7975619695", "9263713931"},
		},
		{
			name: "fi_hetu", keys: []string{"hetu", "henkilotunnus"}, patterns: []string{"!<020106>-DDDA", `!<0201>05\ADDDA`, "!<020106>YDDDA", "!<0201>90+DDDA"},
			valid:   []string{"131052-308T", "030694W9024", "010516B903X", "200454-519T", "040832-7759", "290710-231C"},
			invalid: []string{"131052-308U", "012245A110G", "010101-0102", "300969-3861", "010392-3746", "080942-7495"},
		},
		{
			name: "dk_cpr", keys: []string{"cpr"}, patterns: []string{"<020106>-DDDD", "<020106>DDDD"},
			valid:   []string{"211062-5629", "0708952941", "2701652257", "2910990911"},
			invalid: []string{"311362-5629"},
			free:    true,
		},
		{
			name: "no_fnr", keys: []string{"fnr", "fodselsnummer"}, patterns: []string{"!<020106>DDDDD", "!<020106> DDDDD"},
			valid:   []string{"22085319853", "18014501955", "12086804946"},
			invalid: []string{"07109623387", "03049329817", "08088619008"},
		},
		{
			name: "is_kennitala", keys: []string{"kennitala"}, patterns: []string{"!<020106>-DDD9", "<020106>DDD9"},
			valid:   []string{"120174-3399", "2605995699", "1805766069", "1211758949"},
			invalid: []string{"120174-3389", "2605975699", "2405663919", "1304877919"},
			check:   1,
		},
		{
			name: "ro_cnp", keys: []string{"cnp"}, patterns: []string{"!1<060102>12DDDD"},
			valid:   []string{"6120131011233", "1630615123457", "1770906413311", "2610529235442", "1420708273373"},
			invalid: []string{"1960523456789", "6120131011234", "2910412065144", "2980830237492", "1461219411284"},
		},
		{
			name: "bg_egn", keys: []string{"egn", "егн"}, patterns: []string{"<060102>DDDD"},
			valid:   []string{"7523169263", "8001010008", "4809141583", "4508065955", "5704010763"},
			invalid: []string{"8001010007", "8612204756", "3010293550", "8907213417"},
		},
		{
			name: "cz_sk_birth", keys: []string{"rodne_cislo"}, patterns: []string{"!<060102>/DDDD", "<060102>DDDD"},
			valid:   []string{"710319/2745", "9811150570", "6811288022", "9606075611", "6802238916"},
			invalid: []string{"710319/2746", "9909116450", "9005153340", "6309209520", "9311179920"},
		},
		{
			name: "hr_oib", keys: []string{"oib"}, patterns: []string{"DDDDDDDDDDD"},
			valid:   []string{"33392005961", "64175750113", "13362329385", "32571725855"},
			invalid: []string{"33392005962", "37919133782", "34196436603", "24886969831"},
		},
		{
			name: "si_emso", keys: []string{"emso", "jmbg"}, patterns: []string{"!<0201>9<06>50DDDD"},
			valid:   []string{"0101006500006", "2001939010010", "1206978517294", "2112969769034", "1006949137815"},
			invalid: []string{"0101006500007", "2703971632432", "2502960648761", "1009996391323"},
		},
		{
			name: "ee_isikukood", keys: []string{"isikukood"}, patterns: []string{"!3<060102>DDDD"},
			valid:   []string{"49305050799", "50001010040", "34504128565", "35007116805", "34001011968"},
			invalid: []string{"49305050798", "47608301001", "49112106571", "38506107609"},
		},
		{
			name: "lt_asmens_kodas", keys: []string{"asmens_kodas"}, patterns: []string{"!4<060102>DDDD"},
			valid:   []string{"33309240064", "33712050297", "34809041954", "46104129359"},
			invalid: []string{"33309240063", "48206308733", "39904108469", "49409170902"},
		},
		{
			name: "lv_personas_kods", keys: []string{"personas_kods"}, patterns: []string{"!<020106>-1DDDD", "<020106>1DDDD"},
			valid:   []string{"320010-10002", "161175-19997", "13106411266", "14117615090", "30087317198"},
			invalid: []string{"161175-19996", "02098216711", "09085819400", "31053715720"},
		},
		{
			name: "gr_afm", keys: []string{"afm", "αφμ"}, patterns: []string{"DDDDDDDDD"},
			valid:   []string{"094259216", "982-603-151", "761680382", "006278499", "722248408"},
			invalid: []string{"223456789", "429072624", "787731647", "203734762"},
		},
		{
			name: "gr_amka", keys: []string{"amka"}, patterns: []string{"!<020106>DDDDD"},
			valid:   []string{"01013099997", "01127224093", "07067787544", "12079738840"},
			invalid: []string{"01013099998", "24127398395", "14099146573", "26097370839"},
		},
		{
			name: "hu_taj", keys: []string{"taj"}, patterns: []string{"DDD-DDD-DDD", "DDDDDDDDD"},
			valid:   []string{"111111110"},
			invalid: []string{"111111112"},
		},
		{
			name: "hu_tax", keys: []string{"adoazonosito"}, patterns: []string{"8DDDDDDDDD"},
			valid:   []string{"8071592153"},
			invalid: []string{"8071592154"},
		},
		{
			name: "tr_tckn", keys: []string{"tckn", "tc_kimlik_no", "tr_national_id"}, patterns: []string{"!DDDDDDDDDDD"},
			valid:   []string{"10000000146", "36493665440", "20612845424", "45165396346", "26482235068"},
			invalid: []string{"10000000145", "12345678900", "97485249605", "21544687590", "56364361843", "78318567876"},
		},
		{
			name: "tr_license_plate", keys: []string{"plaka"}, patterns: []string{"34LLLDD", "06LDDDD", "34LLDDD", "34 LLL DD", "06 L DDDD", "35 LL DDD"},
			valid: []string{"34ABC1234", "06A1234"},
			free:  true,
		},
		{
			name: "ru_inn", keys: []string{"inn", "инн"}, patterns: []string{"DDDDDDDDDD", "DDDDDDDDDDDD"},
			valid:   []string{"7707083893", "500100732259", "9980672325", "0047978155", "7919586200"},
			invalid: []string{"7707083894", "482026403612", "7680113301", "7272168049"},
		},
		{
			name: "ru_snils", keys: []string{"snils", "снилс"}, patterns: []string{"!DDD-DDD-DDD DD", "DDDDDDDDDDD"},
			valid:   []string{"112-233-445 95", "11223344595"},
			invalid: []string{"112-233-445 96"},
		},
		{
			name: "ru_passport", keys: []string{"паспорт", "passport"}, patterns: []string{"DDDD DDDDDD", "DD DD DDDDDD"},
			free: true,
		},
		{
			name: "ua_rnokpp", keys: []string{"rnokpp", "іпн"}, patterns: []string{"DDDDDDDDDD"},
			valid:   []string{"8320269778", "1826308082", "0224951010"},
			invalid: []string{"4842373708", "8596588078", "2423520357"},
		},
		{
			name: "kz_iin", keys: []string{"iin", "иин"}, patterns: []string{"<060102>3DDDDD"},
		},
	})
}
