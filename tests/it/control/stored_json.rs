//! What a write accepts can be read back: a saved state restores it exactly, whatever JSON the request contained.

use proptest::prelude::*;
use serde_json::Value;

use super::ACCOUNT;
use super::crawl::{assert_same_responses, crawl};
use crate::support::TestServer;
use crate::support::operations::{Operation, demo_server, example_request, operations};
use access_groups_mock::AuthMode;

/// Values that JSON parsers treat differently, or that the seed format or `serde_json` could treat specially.
const ODD_VALUES: [&str; 22] = [
    "null",
    "true",
    "[]",
    "{}",
    r#""""#,
    r#""\ud800""#,
    r#""\u0000\u0061\/""#,
    r#""😀 \ud83d\ude00""#,
    "1e999",
    "-0",
    "-0.0",
    "1.0",
    "0.1e1",
    "1e308",
    "9007199254740993",
    "123456789012345678901234567890",
    r#"{"a":1,"a":2}"#,
    r#"[{"b":{"c":[],"c":{}}}]"#,
    r#"{"":{"$state":{"pinned":true}}}"#,
    r#"{"$serde_json::private::RawValue":"[1]"}"#,
    r#"{"$serde_json::private::Number":"1"}"#,
    // Deeply nested.
    "DEEP",
];

/// A change of a JSON text at one place.
#[derive(Debug, Clone, Copy)]
struct Mutation {
    /// The number of the place, in order of the text, modulo the number of places.
    place: usize,
    kind: u8,
    value: usize,
}

fn mutation() -> impl Strategy<Value = Mutation> {
    (0..60_usize, 0..4_u8, 0..ODD_VALUES.len()).prop_map(|(place, kind, value)| Mutation {
        place,
        kind,
        value,
    })
}

/// Writes JSON with a mutation.
struct Writer {
    mutation: Mutation,
    places: usize,
    text: String,
}

impl Mutation {
    fn apply(self, value: &Value) -> String {
        let mut counter =
            Writer { mutation: Self { place: usize::MAX, ..self }, places: 0, text: String::new() };
        counter.write(value);
        let mutation = Self { place: self.place % counter.places, ..self };
        let mut writer = Writer { mutation, places: 0, text: String::new() };
        writer.write(value);
        writer.text
    }

    fn value(self) -> String {
        let value = ODD_VALUES[self.value];
        if value == "DEEP" { "[".repeat(110) + &"]".repeat(110) } else { value.to_owned() }
    }
}

impl Writer {
    fn write(&mut self, value: &Value) {
        let is_here = self.places == self.mutation.place;
        self.places += 1;
        match (value, self.mutation.kind) {
            (_, 0) if is_here => self.text += &self.mutation.value(),
            (Value::Object(fields), kind) => {
                self.text.push('{');
                let mut separator = "";
                if is_here && kind == 1 {
                    self.text += &format!(r#""unknown":{}"#, self.mutation.value());
                    separator = ",";
                } else if is_here && kind == 2 {
                    self.text += &format!(r#""unknown":1,"unknown":{}"#, self.mutation.value());
                    separator = ",";
                } else if let (true, Some(name)) = (is_here, fields.keys().next()) {
                    self.text += &format!(r#""{name}":{}"#, self.mutation.value());
                    separator = ",";
                }
                for (name, value) in fields {
                    self.text += &format!("{separator}{}:", Value::from(name.as_str()));
                    separator = ",";
                    self.write(value);
                }
                self.text.push('}');
            }
            (Value::Array(items), _) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.text += if index == 0 { "" } else { "," };
                    self.write(item);
                }
                self.text.push(']');
            }
            (value, _) => self.text += &value.to_string(),
        }
    }
}

/// Returns the operations of the vendors that write JSON, each with the example of its body.
fn writes() -> Vec<(Operation, &'static Value)> {
    let vendors = operations().filter(|it| it.dialect() != "admin" && it.method != "get");
    let with_bodies = vendors.filter_map(|operation| {
        let (media_type, body) = operation.request_body()?;
        (media_type == "application/json").then_some((operation, &body["example"]))
    });
    with_bodies.collect()
}

/// Sends the example of an operation with a mutated body, and returns whether it is accepted.
fn is_accepted(mock: &TestServer, (operation, example): &(Operation, &Value), mutation: Mutation) -> bool {
    let body = mutation.apply(example);
    let request = example_request(mock, operation, &operation.target());
    let response = request.body(body.clone()).send_unchecked();
    assert!(response.status < 500, "{}: {body}: {}", operation.id(), response.text());
    response.status < 300
}

/// Returns whether the JSON parser of the crawl reads a value as it is.
fn is_parsable(json: &str) -> bool {
    serde_json::from_str::<Value>(json).is_ok() && !json.contains("$serde_json::")
}

fn state(mock: &TestServer) -> String {
    mock.get("/__admin/state").send().expect(200).text()
}

/// Asserts that another server with the state of `mock` has the same state, and returns it.
fn assert_restorable(mock: &TestServer, reason: &str) -> TestServer {
    let saved = state(mock);
    let restored = demo_server(AuthMode::Lenient);
    let response = restored.put("/__admin/state").body(saved.clone()).send();
    assert_eq!(response.status, 200, "{reason}: {}", response.text());
    assert_eq!(state(&restored), saved, "{reason}");
    restored
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_write_accepts_survives_a_saved_state(
        write in any::<proptest::sample::Index>(),
        mutations in prop::collection::vec(mutation(), 1..5),
    ) {
        let writes = writes();
        let write = write.get(&writes);
        let mock = demo_server(AuthMode::Lenient);
        let accepted = mutations.iter().filter(|it| is_accepted(&mock, write, **it)).count();
        if accepted > 0 {
            assert_restorable(&mock, &format!("{} {mutations:?}", write.0.id()));
        }
    }
}

#[test]
fn every_write_accepts_some_odd_json_and_all_responses_survive() {
    let mock = demo_server(AuthMode::Lenient);
    let mut accepted = 0;
    let mut number = 1_u32;
    for write in &writes() {
        for _ in 0..12 {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [place, kind, value, _] = number.to_be_bytes();
            let value = usize::from(value) % ODD_VALUES.len();
            let mutation = Mutation { place: place.into(), kind: kind % 4, value };
            if !is_parsable(&mutation.value()) {
                continue;
            }
            accepted += usize::from(is_accepted(&mock, write, mutation));
        }
    }
    assert!(accepted > 50, "only {accepted} writes were accepted");

    let restored = assert_restorable(&mock, "after all writes");

    assert_same_responses(&crawl(&mock), &crawl(&restored));
}

#[test]
fn a_template_with_duplicate_fields_survives_a_saved_state_exactly() {
    for (group, references) in [
        (r#"{"name":"g","zz":1,"zz":2}"#, "[]"),
        (r#"{"name":"g","name":"h"}"#, "[]"),
        (r#"{"name":"g","assertions":{"rules":[],"zz":{"a":1,"a":2}}}"#, "[]"),
        (r#"{"name":"g"}"#, r#"[{"id":"a","id":"b","version":"1"}]"#),
        (r#"{"name":"g"}"#, r#"[{"id":"a","version":"1","zz":[{"b":1,"b":1}]}]"#),
    ] {
        let mock = demo_server(AuthMode::Lenient);
        let body = format!(
            r#"{{"account_id":"{ACCOUNT}","name":"T","group":{group},"policy_template_references":{references}}}"#
        );
        let created = mock.post("/v1/group_templates").body(body).send().expect(201);
        let path = format!("/v1/group_templates/{}", created.json()["id"].as_str().unwrap());

        let restored = assert_restorable(&mock, group);

        let response = restored.get(&path).send().expect(200);
        assert_eq!(response.header("etag"), created.header("etag"));
        let text = response.text();
        assert!(text.contains(&format!(r#""group":{group},"#)), "{text}");
        assert!(text.contains(&format!(r#""policy_template_references":{references},"#)), "{text}");
    }
}

#[test]
fn a_policy_that_a_parser_could_take_for_another_value_is_checked() {
    let mock = demo_server(AuthMode::Lenient);
    let path = "/accounts/023e105f4ecef8ad9ca31a8372d0c353/iam/user_groups";

    for policy in
        [r#"{"$serde_json::private::RawValue":"[1]"}"#, r#"{"other":1e999}"#, r#"{"other":"\ud800"}"#]
    {
        let body = format!(r#"{{"name":"a","policies":[{policy}]}}"#);

        let response =
            mock.post(path).body(body).header("content-type", "application/json").send().expect(400);

        assert!(
            response.text().contains("policies[0].access must be one of allow, deny"),
            "{}",
            response.text()
        );
    }
}

#[test]
fn a_policy_of_a_template_that_cannot_be_checked_is_rejected() {
    let mock = demo_server(AuthMode::Lenient);

    for value in ["1e999", r#""\ud800""#, "1"] {
        let policy = format!(r#"{{"type":"access","control":{{"grant":{{}}}},"other":{value}}}"#);
        let body = format!(r#"{{"name":"a","account_id":"a","policy":{policy}}}"#);
        let expected = if value == "1" { 201 } else { 400 };

        mock.post("/v1/policy_templates")
            .body(body)
            .header("content-type", "application/json")
            .send()
            .expect(expected);
    }
}
