module github.com/access-groups-mock/access-groups-mock/clients/go

go 1.24
