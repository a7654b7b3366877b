#!/usr/bin/env bash
# cloudflare-go 4.4.0: reading a list of accounts page by page, until there is no next page, does not end. The page after
# an empty page is requested, too, whatever result_info.total_pages says. The automatic pager ends at the empty page.
#
# Expected: no next page after an empty page, as in 7.10.0.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

with_go github.com/cloudflare/cloudflare-go/v4@v4.4.0 <<'EOF'
package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/cloudflare/cloudflare-go/v4/accounts"
	"github.com/cloudflare/cloudflare-go/v4/option"
)

func main() {
	requests := 0
	respond := func(w http.ResponseWriter, r *http.Request) {
		requests++
		result := `[{"id": "a", "name": "a", "type": "standard"}]`
		if page := r.URL.Query().Get("page"); page != "" && page != "1" {
			result = `[]`
		}
		w.Header().Set("Content-Type", "application/json")
		info := `{"page": 1, "per_page": 20, "count": 1, "total_count": 1, "total_pages": 1}`
		fmt.Fprintf(w, `{"success": true, "errors": [], "messages": [], "result": %s, "result_info": %s}`, result, info)
	}
	stub := httptest.NewServer(http.HandlerFunc(respond))
	defer stub.Close()
	service := accounts.NewAccountService(option.WithBaseURL(stub.URL), option.WithAPIToken("token"))

	items := service.ListAutoPaging(context.Background(), accounts.AccountListParams{})
	for items.Next() {
	}
	if requests != 2 {
		panic(fmt.Sprintf("the automatic pager sent %d requests", requests))
	}

	page, err := service.List(context.Background(), accounts.AccountListParams{})
	for count := 0; count < 10 && page != nil; count++ {
		if err != nil {
			panic(err)
		}
		page, err = page.GetNextPage()
	}
	if page == nil {
		panic(fmt.Sprintf("the list ended after %d requests", requests-2))
	}
	fmt.Println("confirmed: after an empty page there is always a next one")
}
EOF
