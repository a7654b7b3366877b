// Package agm runs access-groups-mock in Go tests: a local mock server for the access-group APIs of Cloudflare, IBM
// Cloud, Authress and FlickRocket, with an isolated mock for each test.
//
//	func TestGroups(t *testing.T) {
//		mock := agm.Start(t)
//		client := cloudflare.NewClient(option.WithBaseURL(mock.URLs.Cloudflare), option.WithAPIToken("any"))
//		// …
//		if err := mock.Admin.Verify(agm.Pattern{Method: "POST"}, agm.Exactly(1)); err != nil {
//			t.Error(err)
//		}
//	}
package agm
