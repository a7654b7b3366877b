//! `Dialect`: what the router must know of a vendor.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use axum::response::Response;
use serde_json::Value;

use super::{Meta, Operation, Parameter, Quota};
use crate::config::Config;
use crate::failure::{Code, Failure};

/// What the router and the documentation must know of a vendor's API.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    /// The name, such as `ibm`.
    pub name: &'static str,
    /// What it emulates, in one sentence.
    pub title: &'static str,
    /// The path prefixes it owns, in lower case and without a slash at either end, each a whole number of segments;
    /// the longest one wins.
    pub prefixes: &'static [&'static str],
    /// Lets a request in before it is routed, or refuses it.
    pub admit: fn(&Uri, &HeaderMap, &Config) -> Result<(), Failure>,
    /// Turns a path as received into the path that is looked up.
    pub normalize: fn(&str) -> Cow<'_, str>,
    /// Whether the vendor sends CORS headers of its own, whatever `--cors` says.
    pub sends_cors: bool,
    /// Whether HEAD is answered wherever GET is.
    pub serves_head: bool,
    /// The operations with their handlers.
    pub operations: fn() -> Vec<Operation>,
    /// Renders a failure in the vendor's envelope.
    pub render: fn(&Failure, &Meta) -> Response,
    /// Adds the headers that stand on every answer.
    pub finish: fn(&mut Response, &Meta),
    /// The request header in which a client names its request.
    pub request_id_header: Option<&'static HeaderName>,
    /// Whether each operation has a rate limit of its own, instead of one for all.
    pub limits_each_operation: bool,
    /// The error of a request beyond the rate limit, status 429.
    pub limited: &'static Code,
    /// The error of a fault whose status is none of the vendor's.
    pub fault: &'static Code,
    /// The error of a request whose control headers or namespace prefix cannot be read, status 400.
    pub control: &'static Code,
    /// Writes what is left of the rate limit into the headers of an answer, and `Retry-After` where the vendor does.
    pub quota: fn(&mut HeaderMap, &Quota),
    /// The media type of its JSON answers.
    pub media_type: &'static str,
    /// What `openapi.yaml` says of it.
    pub documentation: Documentation,
}

/// What `openapi.yaml` says of a dialect besides its operations.
#[derive(Debug, Clone, Copy)]
pub struct Documentation {
    /// The components, by name; the generator puts the dialect's name before each.
    pub schemas: fn() -> Value,
    /// The name of the schema of an error.
    pub error_schema: &'static str,
    /// The captures of the paths.
    pub path_parameters: &'static [&'static Parameter],
    /// The errors that every operation can answer.
    pub common_codes: &'static [&'static Code],
    /// All errors of the dialect.
    pub codes: &'static [&'static Code],
    /// The kinds of credentials as OpenAPI security schemes, by name; any one is enough.
    pub security: fn() -> Value,
    /// Headers that stand on every answer, with their descriptions.
    pub headers: &'static [(&'static str, &'static str)],
}

impl Dialect {
    /// Returns whether one of its prefixes owns `path`.
    pub fn owns(&self, path: &str) -> bool {
        self.prefixes.iter().any(|prefix| is_below(prefix, path))
    }

    /// Returns the identifier that the client gave its request.
    pub fn request_id_of(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let value = headers.get(self.request_id_header?)?;
        let is_text = value.to_str().is_ok_and(|text| !text.is_empty());
        is_text.then(|| value.clone())
    }

    /// Returns the error that a fault of `status` stands for: one of the operation's `codes` before one that every
    /// operation has, that before any of the dialect, and [`Dialect::fault`] where none fits.
    ///
    /// `wanted` is the vendor's code or the id of the rule; without it the first error with the status is taken. An
    /// error of the vendor's that the dialect does not have thus becomes [`Dialect::fault`], whose status the refusal
    /// overrides.
    pub fn code_for(&self, codes: &[&'static Code], status: u16, wanted: Option<&str>) -> &'static Code {
        let fits = |code: &&&'static Code| {
            code.status == status && wanted.is_none_or(|it| it == code.code || it == code.rule)
        };
        let Documentation { common_codes, codes: all, .. } = self.documentation;
        codes.iter().chain(common_codes).chain(all).find(fits).copied().unwrap_or(self.fault)
    }
}

/// Returns whether `path` is `prefix` or begins with it and a slash, in any case and after any number of slashes.
pub fn is_below(prefix: &str, path: &str) -> bool {
    let (prefix, path) = (prefix.as_bytes(), path.as_bytes());
    let slashes = path.iter().take_while(|byte| **byte == b'/').count();
    let path = &path[slashes..];
    // The end of the segment and the first letter tell most prefixes apart at once.
    matches!(path.get(prefix.len()), None | Some(b'/'))
        && path.first().map(u8::to_ascii_lowercase) == prefix.first().copied()
        && path.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use axum::body::Body;
    use axum::extract::Request;
    use chrono::{DateTime, TimeDelta};
    use http_body_util::BodyExt;

    use super::*;
    use crate::app::App;
    use crate::dialect;
    use crate::failure::Refusal;
    use crate::http::Ruled;
    use crate::seed::Seed;

    fn ibm_codes_of(id: &str) -> &'static [&'static Code] {
        let operations = (dialect::ibm::DIALECT.operations)();
        operations.iter().find(|operation| operation.id == id).unwrap().codes
    }

    #[test]
    fn an_error_of_the_operation_goes_before_one_of_the_dialect() {
        let dialect = &dialect::ibm::DIALECT;

        let of_group = dialect.code_for(ibm_codes_of("delete_access_group"), 404, None);
        let of_policy = dialect.code_for(ibm_codes_of("get_policy"), 404, None);
        let of_nothing = dialect.code_for(&[], 404, None);

        assert_eq!(of_group.code, "group_not_found");
        assert_eq!(of_policy.code, "policy_not_found");
        assert_eq!(of_nothing.code, "group_not_found");
    }

    #[test]
    fn an_error_that_every_operation_has_goes_before_the_others() {
        let code = dialect::authress::DIALECT.code_for(&[], 400, None);

        assert_eq!(code.code, "InvalidRequest");
    }

    #[test]
    fn an_error_is_found_by_its_code_or_its_rule_and_its_status() {
        let dialect = &dialect::ibm::DIALECT;
        let codes = ibm_codes_of("delete_access_group");

        assert_eq!(dialect.code_for(codes, 409, None).code, "group_not_empty");
        assert_eq!(dialect.code_for(codes, 409, Some("profile_name_conflict")).code, "profile_name_conflict");
        assert_eq!(
            dialect.code_for(&[], 409, Some("ibm.parts.update-conflict")).message,
            "Cloudant document update conflict occurred"
        );
        assert_eq!(dialect.code_for(codes, 401, Some("invalid_access_token")).code, "invalid_access_token");
    }

    #[test]
    fn what_the_vendor_does_not_have_is_the_error_of_a_fault() {
        let dialect = &dialect::cloudflare::DIALECT;

        assert_eq!(dialect.code_for(&[], 418, None).rule, "cloudflare.faults.injected");
        assert_eq!(dialect.code_for(&[], 404, Some("12130")).rule, "cloudflare.faults.injected");
        assert_eq!(dialect.code_for(&[], 429, None).rule, "cloudflare.limits.too-many-requests");
    }

    #[test]
    fn only_the_vendors_have_errors_of_limits() {
        for dialect in dialect::ALL.iter().filter(|dialect| dialect.name != "admin") {
            assert_eq!(dialect.limited.status, 429, "{}", dialect.name);
            assert!(dialect.documentation.common_codes.contains(&dialect.limited), "{}", dialect.name);
            assert!(dialect.documentation.codes.contains(&dialect.fault), "{}", dialect.name);
        }
    }

    fn headers_of(dialect: &Dialect, is_exceeded: bool) -> Vec<(String, String)> {
        let resets = DateTime::from_timestamp_millis(1_790_000_000_500).unwrap();
        let quota = Quota {
            limit: 100,
            remaining: if is_exceeded { 0 } else { 42 },
            window: TimeDelta::seconds(60),
            resets,
            now: resets - TimeDelta::milliseconds(29_100),
            is_exceeded,
        };
        let mut headers = HeaderMap::new();
        (dialect.quota)(&mut headers, &quota);
        let text = |(name, value): (&HeaderName, &HeaderValue)| {
            (name.to_string(), value.to_str().unwrap().to_owned())
        };
        headers.iter().map(text).collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn each_vendor_tells_of_its_limit_in_its_own_headers() {
        let cloudflare =
            [pair("ratelimit", "\"default\";r=42;t=30"), pair("ratelimit-policy", "\"default\";q=100;w=60")];
        let ibm = [
            pair("x-ratelimit-limit", "100"),
            pair("x-ratelimit-remaining", "42"),
            pair("x-ratelimit-reset", "1790000001"),
        ];

        assert_eq!(headers_of(&dialect::cloudflare::DIALECT, false), cloudflare);
        assert_eq!(headers_of(&dialect::ibm::DIALECT, false), ibm);
        assert_eq!(headers_of(&dialect::authress::DIALECT, false), []);
        assert_eq!(headers_of(&dialect::legacy::DIALECT, false), []);
    }

    #[test]
    fn every_vendor_says_when_to_come_back() {
        for dialect in dialect::ALL.iter().filter(|dialect| dialect.name != "admin") {
            let headers = headers_of(dialect, true);
            assert!(headers.contains(&pair("retry-after", "30")), "{}: {headers:?}", dialect.name);
        }
    }

    /// Whether `rule` is `<dialect>.<area>.<what>` in small letters, digits and hyphens.
    fn is_rule_of(dialect: &Dialect, rule: &str) -> bool {
        let parts: Vec<&str> = rule.split('.').collect();
        let is_word = |part: &&str| {
            let is_good =
                |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
            !part.is_empty() && part.chars().all(is_good)
        };
        parts.len() == 3 && parts[0] == dialect.name && parts.iter().all(is_word)
    }

    #[test]
    fn every_error_explains_itself() {
        let mut rules = BTreeSet::new();
        for dialect in dialect::ALL {
            for code in dialect.documentation.codes {
                let rule = code.rule;
                assert!(
                    is_rule_of(dialect, rule),
                    "`{rule}` is no rule of {}: {}",
                    dialect.name,
                    code.message
                );
                assert!(rules.insert(rule), "the rule `{rule}` is there twice");
                assert!((400..600).contains(&code.status), "{rule} has the status {}", code.status);
                assert!(!code.message.is_empty() && !code.when.is_empty(), "{rule} says nothing");
                assert!(
                    code.remedy.ends_with('.'),
                    "{rule} has no sentence as its remedy: `{}`",
                    code.remedy
                );
                assert!(code.source.len() > 10, "{rule} has no source");
            }
        }
    }

    #[test]
    fn every_error_of_an_operation_is_in_the_table_of_its_dialect() {
        for dialect in dialect::ALL {
            let codes = dialect.documentation.codes;
            let known = |code: &&'static Code| codes.iter().any(|it| it.rule == code.rule);
            for operation in (dialect.operations)() {
                assert!(operation.codes.iter().all(known), "{}", operation.id);
            }
            assert!(dialect.documentation.common_codes.iter().all(known), "{}", dialect.name);
            assert!(known(&dialect.limited) && known(&dialect.fault), "{}", dialect.name);
            assert!(known(&dialect.control) && dialect.control.status == 400, "{}", dialect.name);
        }
    }

    async fn rendered(dialect: &'static Dialect, path: &str, refusal: Refusal) -> (Response, String) {
        let app = App::new(Config::default(), Seed::default()).unwrap();
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let meta = Meta::new(app, dialect, &request, String::new(), uuid::Uuid::nil());
        let (parts, body) = (dialect.render)(&Failure::Refused(refusal), &meta).into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        (Response::from_parts(parts, Body::empty()), String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn every_error_can_have_the_status_and_the_text_of_a_fault() {
        for dialect in dialect::ALL {
            for code in dialect.documentation.codes {
                for path in ["/", "/identity/token"] {
                    let text = Some("as the fault says".to_owned());
                    let refusal = Refusal { status: 599, text, ..code.plain() };

                    let (response, body) = rendered(dialect, path, refusal).await;

                    assert_eq!(response.status().as_u16(), 599, "{}", code.rule);
                    assert!(body.contains("as the fault says"), "{}: {body}", code.rule);
                    let ruled = response.extensions().get::<Ruled>().map(|ruled| ruled.0.rule);
                    assert_eq!(ruled, Some(code.rule));
                }
            }
        }
    }
}
