package cloudflare_test

import (
	"testing"

	_ "github.com/cloudflare/cloudflare-go/v7"
)

func TestX(t *testing.T) {}
