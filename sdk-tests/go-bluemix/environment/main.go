// Command environment lists groups, policies and users with a client that is configured by the environment only.
package main

import (
	"os"

	"github.com/IBM-Cloud/bluemix-go/api/iampap/iampapv1"
	"github.com/IBM-Cloud/bluemix-go/api/iamuum/iamuumv2"
	"github.com/IBM-Cloud/bluemix-go/api/usermanagement/usermanagementv2"
	"github.com/IBM-Cloud/bluemix-go/session"
)

const account = "acct1"

func main() {
	if url := os.Getenv("AGM_TLS_URL"); url != "" {
		for _, name := range []string{"IAM_API", "IAMPAP_API", "USER_MANAGEMENT"} {
			check(os.Setenv("IBMCLOUD_"+name+"_ENDPOINT", url))
		}
	}
	created, err := session.New()
	check(err)
	groups, err := iamuumv2.New(created)
	check(err)
	_, err = groups.AccessGroup().List(account)
	check(err)
	policies, err := iampapv1.New(created)
	check(err)
	_, err = policies.V1Policy().List(iampapv1.SearchParams{AccountID: account})
	check(err)
	users, err := usermanagementv2.New(created)
	check(err)
	_, err = users.UserInvite().ListUsers(account)
	check(err)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
