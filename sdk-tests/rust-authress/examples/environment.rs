//! Lists groups with the URL of the environment.

use authress::{AuthressClient, AuthressSettings};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let url = std::env::var("AGM_TLS_URL").or_else(|_| std::env::var("AUTHRESS_API_URL"));
    let settings = AuthressSettings::new(url.expect("exec sets the variable"), "any".to_owned());
    let groups = AuthressClient::new(&settings).groups.get_groups(None).await;
    groups.expect("the groups are listed");
}
