// Command environment lists groups five times with a client that is configured by the environment only.
package main

import (
	"os"

	groups "github.com/IBM/platform-services-go-sdk/iamaccessgroupsv2"
)

func main() {
	service, err := groups.NewIamAccessGroupsV2UsingExternalConfig(&groups.IamAccessGroupsV2Options{})
	if err != nil {
		panic(err)
	}
	if url := os.Getenv("AGM_TLS_URL"); url != "" {
		if err := service.SetServiceURL(url); err != nil {
			panic(err)
		}
	}
	for range 5 {
		if _, _, err := service.ListAccessGroups(service.NewListAccessGroupsOptions("acct1")); err != nil {
			panic(err)
		}
	}
}
