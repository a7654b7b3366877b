// Command environment lists groups with the URL and the token of the environment, which the client itself does not read.
package main

import (
	"context"
	"os"

	"github.com/cloudflare/cloudflare-go"
)

func main() {
	url := os.Getenv("CLOUDFLARE_BASE_URL")
	if tlsURL := os.Getenv("AGM_TLS_URL"); tlsURL != "" {
		url = tlsURL + "/client/v4"
	}
	api, err := cloudflare.NewWithAPIToken(os.Getenv("CLOUDFLARE_API_TOKEN"), cloudflare.BaseURL(url))
	if err != nil {
		panic(err)
	}
	account := cloudflare.AccountIdentifier("023e105f4ecef8ad9ca31a8372d0c353")
	if _, _, err := api.ListAccessGroups(context.Background(), account, cloudflare.ListAccessGroupsParams{}); err != nil {
		panic(err)
	}
}
