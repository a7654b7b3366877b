//! The schemas of the admin API in `openapi.yaml`.

mod fields;

use serde_json::{Value, json};

use crate::spec::parse_schemas;

pub(super) use fields::FIELDS;

/// Returns the schemas by name.
pub(super) fn schemas() -> Value {
    let parts = [include_str!("server.json"), include_str!("control.json"), include_str!("requests.json")];
    parse_schemas(&parts).into()
}

/// Returns the security schemes; the server accepts the token in both headers.
pub(super) fn security() -> Value {
    let description = "The token of `--admin-token`, if the server has one.";
    json!({
        "token": {"type": "apiKey", "in": "header", "name": "X-Mock-Admin-Token", "description": description},
        "bearer": {"type": "http", "scheme": "bearer", "description": description}
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::summary::{MAX_REASON_CHARS, MAX_URL_CHARS};

    #[test]
    fn schema_of_a_summary_has_the_limits_of_its_texts() {
        let schemas = schemas();
        let summary = &schemas["ExchangeSummary"]["properties"];

        for (name, limit) in [("url", MAX_URL_CHARS), ("reason", MAX_REASON_CHARS)] {
            assert_eq!(summary[name]["maxLength"], limit);
            let description = summary[name]["description"].as_str().unwrap();
            assert!(description.ends_with(&format!("at most {limit} characters.")), "{description}");
        }
    }
}
