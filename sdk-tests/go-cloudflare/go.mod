module sdktests/go-cloudflare

go 1.25.0

require github.com/cloudflare/cloudflare-go/v7 v7.9.0

require (
	// As the Terraform provider has it, so that both share what is compiled.
	github.com/tidwall/gjson v1.18.0 // indirect
	github.com/tidwall/match v1.1.1 // indirect
	github.com/tidwall/pretty v1.2.1 // indirect
	github.com/tidwall/sjson v1.2.5 // indirect
	sdktests/space v0.0.0
)

replace sdktests/space => ../go/space
