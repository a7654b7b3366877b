//! The filters of the list of all groups, compared with a search in every string of the seed.

use serde_json::{Value, json};

use super::helpers::admin_get;
use crate::support::TestServer;
use crate::support::operation::percent_encode;

/// The number of groups of a kind: enough that their texts are kept for searches.
const COUNT: usize = 330;

/// Characters whose lower case depends on their neighbors, has another length, or is that of several characters.
const CHARS: [char; 14] = ['a', 'K', 'k', '\u{212a}', 'ß', 'ẞ', 'σ', 'Σ', 'ς', 'İ', 'ı', 'i', 'X', ' '];

const PARTS: [&str; 15] =
    ["a", "K", "k\u{212a}", "SS", "ß", "σ", "ς", "aΣ", "aς", "İ", "i\u{307}", "X", "17", "zz", "@Example"];

/// A seeded group: its dialect, kind, account, id and name, and the strings that a search also looks in.
struct Row {
    dialect: &'static str,
    kind: &'static str,
    account: &'static str,
    id: String,
    name: String,
    others: Vec<String>,
}

impl Row {
    fn matches(&self, kind: &str, account: &str, name: &str, search: &str) -> bool {
        let contains = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
        let mut strings = [&self.id, &self.name].into_iter().chain(&self.others);
        (kind.is_empty() || kind == self.kind)
            && (account.is_empty() || account == self.account)
            && contains(&self.name, name)
            && strings.any(|text| contains(text, search))
    }
}

/// Returns a string of up to five characters.
fn text(number: usize) -> String {
    let mut random = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        random = random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        random >> 40
    };
    (0..next() % 6).map(|_| CHARS[next() % CHARS.len()]).collect()
}

fn name(number: usize) -> String {
    format!("n{}{number}", text(number))
}

fn uuid(number: usize) -> String {
    format!("f174e90a-fafe-4643-bbbc-{number:012}")
}

/// Returns the seed and its groups.
fn seed() -> (Value, Vec<Row>) {
    let mut rows = Vec::new();
    let mut add = |dialect, kind, account, id: &str, name: &str, others: Vec<String>| {
        rows.push(Row { dialect, kind, account, id: id.to_owned(), name: name.to_owned(), others });
    };
    let mut lists: [Vec<Value>; 6] = Default::default();
    for number in 0..COUNT {
        let (name, member) = (name(number), format!("m{}{}", text(number / 20 + 5_000), number / 20));
        let (id, email) = (uuid(number), format!("{}@example.com", text(number + 1_000)));
        // The account and the zone have the same id.
        let owner = usize::from(number % 3 == 0);
        lists[owner].push(json!({"id": id, "name": name, "include": [{"email": {"email": email}}]}));
        add("cloudflare", "access_group", "a", &id, &name, vec![email.clone()]);

        let hex = format!("{number:032x}");
        let scope = json!({"key": email, "objects": [{"key": "*"}]});
        lists[2].push(json!({"id": hex, "name": name, "scope": scope}));
        add("cloudflare", "resource_group", "a", &hex, &name, vec![email.clone(), "*".to_owned()]);

        let id = format!("AccessGroupId-{id}");
        let iam_id = format!("IBMid-{}", number / 20);
        let members = json!([{"iam_id": iam_id, "type": "user", "name": member}, {"iam_id": "iam-Profile-1a", "type": "profile"}]);
        let members = if number % 10 == 0 { members } else { json!([members[0]]) };
        lists[3].push(json!({"id": id, "name": name, "members": members}));
        let mut others = vec![iam_id, member.clone(), format!("{}@example.com", number / 20)];
        if number % 10 == 0 {
            others.extend(["iam-Profile-1a".to_owned(), "Trusted profile 1a".to_owned()]);
        }
        add("ibm", "access_group", "b", &id, &name, others);

        let (id, user) = (format!("grp_{number}"), format!("u{}", number / 20));
        let tags = json!({"key": email});
        lists[4].push(
            json!({"groupId": id, "name": name, "users": [{"userId": user}], "admins": [], "tags": tags}),
        );
        add("authress", "group", "", &id, &name, vec![user, "key".to_owned(), email.clone()]);

        let id = number + 1;
        lists[5]
            .push(json!({"id": id, "name": name, "customers": [{"email": email, "organisation": member}]}));
        add("legacy", "access_group", "", &id.to_string(), &name, vec![email, member]);
    }
    let [account, zone, resource, ibm, authress, legacy] = lists;
    let seed = json!({
        "cloudflare": {
            "accounts": {"a": {"access_groups": account, "resource_groups": resource}},
            "zones": {"a": {"name": "a.test", "account": "a", "access_groups": zone}},
        },
        "ibm": {"accounts": {"b": {"groups": ibm}}},
        "authress": {"groups": authress},
        "legacy": {"access_groups": legacy},
    });
    (seed, rows)
}

/// Returns the ids of the page of groups that a query selects, and the number of all.
fn page(mock: &TestServer, query: &str) -> (Vec<String>, usize) {
    let page = admin_get(mock, &format!("/__admin/groups?{query}"));
    let groups = page["groups"].as_array().unwrap().iter();
    let ids = groups.map(|group| group["id"].as_str().unwrap().to_owned()).collect();
    (ids, usize::try_from(page["meta"]["total"].as_u64().unwrap()).unwrap())
}

/// Asserts that each combination of filters selects the rows that match, in the order of the list without filters.
fn assert_filters_agree(mock: &TestServer, rows: &[Row]) {
    for dialect in ["cloudflare", "ibm", "authress", "legacy"] {
        let (order, _) = page(mock, &format!("dialect={dialect}&limit=1000"));
        for (at, part) in PARTS.into_iter().enumerate() {
            let kind = ["", "access_group", "group"][at % 3];
            let account = ["", "a", "b"][at / 2 % 3];
            for (kind, account, name, search) in [
                ("", "", part, ""),
                ("", "", "", part),
                (kind, account, "", ""),
                (kind, account, part, ""),
                (kind, account, PARTS[(at + 1) % PARTS.len()], part),
            ] {
                let is_match =
                    |row: &&Row| row.dialect == dialect && row.matches(kind, account, name, search);
                let matching: Vec<&Row> = rows.iter().filter(is_match).collect();
                let mut expected: Vec<String> = matching.iter().map(|row| row.id.clone()).collect();
                expected.sort_by_key(|id| order.iter().position(|other| other == id));
                let (name, search) = (percent_encode(name), percent_encode(search));
                let query =
                    format!("dialect={dialect}&kind={kind}&account={account}&name={name}&search={search}");

                let (all, total) = page(mock, &format!("{query}&limit=1000"));
                assert_eq!((&all, total), (&expected, expected.len()), "{query}");
                let (some, total) = page(mock, &format!("{query}&limit=50&offset=7"));
                let expected_page: Vec<String> = expected.iter().skip(7).take(50).cloned().collect();
                assert_eq!((some, total), (expected_page, expected.len()), "{query}");
            }
        }
    }
}

#[test]
fn filters_select_what_a_search_in_every_string_selects() {
    let (seed, mut rows) = seed();
    let mock = TestServer::with_seed(&seed.to_string());
    assert_filters_agree(&mock, &rows);

    // Some groups change after their texts were kept.
    for number in [0, 64, 65, 329] {
        let changed = format!("changed{}", text(number + 9_000));
        let (id, body) = (uuid(number), json!({"name": changed, "users": [], "admins": []}));
        mock.put(&format!("/v1/groups/grp_{number}")).json(body).send().expect(200);
        mock.delete(&format!("/v2/groups/AccessGroupId-{id}?force=true")).send().expect(204);
        let owner = if number % 3 == 0 { "zones" } else { "accounts" };
        let body = json!({"name": changed, "include": [{"everyone": {}}]});
        mock.put(&format!("/client/v4/{owner}/a/access/groups/{id}")).json(body).send().expect(200);
        rows.retain(|row| row.dialect != "ibm" || !row.id.ends_with(&id));
        for row in &mut rows {
            if row.id == format!("grp_{number}") || row.id == id {
                row.name.clone_from(&changed);
                row.others.clear();
            }
        }
    }
    assert_filters_agree(&mock, &rows);
}
