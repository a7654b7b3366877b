module sdktests/go-ibm

go 1.25.0

require (
	github.com/IBM/go-sdk-core/v5 v5.22.0 // indirect
	github.com/IBM/platform-services-go-sdk v0.101.0 // indirect
	sdktests/space v0.0.0
)

replace sdktests/space => ../go/space
