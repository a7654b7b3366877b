// Command environment lists groups with a client that is configured by the environment only.
package main

import (
	"context"
	"os"

	"github.com/cloudflare/cloudflare-go/v7"
	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/zero_trust"
)

func main() {
	var options []option.RequestOption
	if url := os.Getenv("AGM_TLS_URL"); url != "" {
		options = append(options, option.WithBaseURL(url+"/client/v4/"))
	}
	client := cloudflare.NewClient(options...)
	account := cloudflare.F("023e105f4ecef8ad9ca31a8372d0c353")
	_, err := client.ZeroTrust.Access.Groups.List(
		context.Background(), zero_trust.AccessGroupListParams{AccountID: account})
	if err != nil {
		panic(err)
	}
}
