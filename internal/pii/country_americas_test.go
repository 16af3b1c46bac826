package pii

import "testing"

// TestNationalAmericas: identifiers of the Americas. Published examples come from the issuers' own documents, the
// others were computed independently.
func TestNationalAmericas(t *testing.T) {
	testNational(t, []idTest{
		{
			name: "us_itin", keys: []string{"itin", "taxpayer_id"}, patterns: []string{"!9DD-70-DDDD", "!9DD-88-DDDD", "9DD65DDDD"},
			valid:   []string{"911-53-1234", "901804326", "920854872", "958828230"},
			invalid: []string{"911-89-1234", "811-70-1234"},
			free:    true,
		},
		{
			name: "us_ein", keys: []string{"ein", "employer_identification"}, patterns: []string{"12-DDDDDDD", "45DDDDDDD"},
			valid:   []string{"21-1564614", "66-3746871", "47-0639805"},
			invalid: []string{"07-1234567"},
			free:    true,
		},
		{
			name: "us_npi", keys: []string{"npi", "provider_npi"}, patterns: []string{"1DDDDDDDDD"},
			valid:   []string{"1234567893", "1245319599"},
			invalid: []string{"1234567892", "3234567893"},
		},
		{
			name: "us_mbi", keys: []string{"mbi", "medicare_id"}, patterns: []string{`!1\E\G4-\T\E5-\M\KDD`},
			valid:   []string{"1EG4TE5MK73", "1EG4-TE5-MK73"},
			invalid: []string{"AEG4-TE5-MK73", "1EG4-ZE5-MK73"},
			free:    true,
		},
		{
			name: "us_dea", keys: []string{"dea", "dea_number"}, patterns: []string{`\BLDDDDDDD`},
			valid:   []string{"BB1388568", "GL0285191"},
			invalid: []string{"BB1388567"},
		},
		{
			name: "us_passport", keys: []string{"passport", "passport_no"}, patterns: []string{"DDDDDDDDD", "LDDDDDDDD"},
			valid: []string{"A12803456"},
			free:  true,
		},
		{
			name: "us_driver_license", keys: []string{"driver_license", "dl", "drivers_license_no"}, patterns: []string{"LDDDDDDD", "DDDDDDDD", "LDDD-DDDD-DDDD", "LDDDDDDDDDDDD"},
			valid: []string{"D1234567"},
			free:  true,
		},
		{
			name: "ca_sin", keys: []string{"social_insurance_number", "sin"}, patterns: []string{"!DDD-DDD-DDD", "DDDDDDDDD"},
			valid:   []string{"130 692 544", "130-692-544", "663507556", "552600199", "733903900"},
			invalid: []string{"130 692 545", "812 345 678", "046-454 286", "701387426", "939947698", "277214432"},
		},
		{
			name: "ca_health", keys: []string{"ohip", "health_card"}, patterns: []string{"DDDD-DDD-DDD-LL", "DDDDDDDDDD"},
			valid: []string{"9830162816", "9340348718", "9794656580"},
			free:  true,
		},
		{
			name: "br_cpf", keys: []string{"cpf", "cliente.cpf"}, patterns: []string{"!DDD.DDD.DDD-DD", "!DDDDDDDDDDD"},
			valid:   []string{"083.358.948-25", "529.982.247-25", "51760609307", "29853697467", "83139510365"},
			invalid: []string{"345.675.677-78", "111.111.111-11", "99104598703", "76298664661", "64448323007"},
		},
		{
			name: "br_cnpj", keys: []string{"cnpj"}, patterns: []string{"!DD.DDD.DDD/0001-DD", "!DDDDDDDD0001DD", "AAAAAAAA0001DD"},
			valid:   []string{"11.222.333/0001-81", "10361133263318", "07739059211278", "36886032651796"},
			invalid: []string{"11.222.333/0001-82", "12.ABC.345/01DE-36", "28518958749413", "20613073776307", "36388011378861"},
		},
		{
			name: "mx_curp", keys: []string{"curp"}, patterns: []string{`!LLLL<060102>\H\D\FLLL0D`},
			valid:   []string{"HEGG560427MVZRRL04", "KUKO660219MJCNYB04", "BOIF891220MJCDSR05", "LUBR910126MDFFPV03"},
			invalid: []string{"HEGG560427MVZRRL05", "SIXT640619MJCLTG05", "YXZH900107HJCMWP04", "AESS781026HJCZPQ05"},
		},
		{
			name: "mx_rfc", keys: []string{"rfc"}, patterns: []string{"LLLL<060102>AAD", "LLL<060102>AAD"},
			valid:   []string{"GODE561231GR8", "BXIU891201D40", "JAJD710330F41", "ENMH930604C52"},
			invalid: []string{"GODE569931GR8"},
			free:    true,
		},
		{
			name: "ar_cuit", keys: []string{"cuit", "cuil"}, patterns: []string{"!20-DDDDDDDD-D", "!27DDDDDDDDD"},
			valid:   []string{"20-26756539-3", "27900356124", "24651466969", "27728316980"},
			invalid: []string{"20-26756539-4", "20990840512", "23320668332", "23124222134"},
		},
		{
			name: "ar_dni", keys: []string{"dni"}, patterns: []string{"DD.DDD.DDD", "DDDDDDDD"},
			free: true,
		},
		{
			name: "cl_rut", keys: []string{"rut", "rut_cliente"}, patterns: []string{"!DD.DDD.DDD-D", "!DDDDDDDD-D", "DDDDDDDDD"},
			valid:   []string{"12.531.909-2", "76.086.428-5", "22771767-K", "29420377-K", "57154122-K"},
			invalid: []string{"12.531.909-3", "38348695-6", "59791309-0", "37764595-0"},
		},
		{
			name: "co_nit", keys: []string{"nit"}, patterns: []string{"DDDDDDDDD-D", "DDD.DDD.DDD-D", "DDDDDDDDDD"},
			valid:   []string{"213.123.432-1", "9673682796", "9458430679", "9665250331"},
			invalid: []string{"213.123.432-5", "9090272074", "9908796676", "9973682796"},
		},
		{
			name: "co_cedula", keys: []string{"cedula"}, patterns: []string{"DD.DDD.DDD", "D.DDD.DDD.DDD"},
			free: true,
		},
		{
			name: "ec_cedula", keys: []string{"cedula"}, patterns: []string{"17DDDDDDDD"},
			valid:   []string{"1714307103", "0159798487", "0312138019", "0226346799"},
			invalid: []string{"1714307104", "1632140186", "1502920654", "0423111840"},
		},
		{
			name: "ec_ruc", keys: []string{"ruc"}, patterns: []string{"170DDDDDDD001"},
			valid:   []string{"1714307103001"},
			invalid: []string{"1714307104001"},
			check:   3,
		},
		{
			name: "pe_ruc", keys: []string{"ruc"}, patterns: []string{"20DDDDDDDDD"},
			valid:   []string{"20512333797", "17465399767", "17383623871", "20168414057"},
			invalid: []string{"20512333798", "67465399767", "10377181693", "15259808061"},
		},
		{
			name: "uy_ci", keys: []string{"uruguay_ci"}, patterns: []string{"!D.DDD.DDD-D", "DDDDDDDD"},
			valid:   []string{"1.234.567-2"},
			invalid: []string{"1.234.567-3"},
		},
	})
}
