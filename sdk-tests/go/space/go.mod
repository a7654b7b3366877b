module sdktests/space

go 1.25.0
