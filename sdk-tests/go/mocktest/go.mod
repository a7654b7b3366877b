module sdktests/mocktest

go 1.25.0
