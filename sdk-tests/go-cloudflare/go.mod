module sdktests/go-cloudflare

go 1.25.0

require github.com/cloudflare/cloudflare-go/v7 v7.10.0

require (
	// The version that the Terraform provider uses, so that both share compiled packages.
	github.com/tidwall/gjson v1.18.0 // indirect
	github.com/tidwall/match v1.1.1 // indirect
	github.com/tidwall/pretty v1.2.1 // indirect
	github.com/tidwall/sjson v1.2.5 // indirect
	sdktests/mocktest v0.0.0
)

replace sdktests/mocktest => ../go/mocktest
