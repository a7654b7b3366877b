module access-groups-mock/clients/go

go 1.24
