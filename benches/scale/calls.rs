//! The measured operations of each dialect.

use crate::client::{Client, Request};
use crate::seeds::{ACCOUNT, group_name, hex_id, ibm_id, member_id, scattered, uuid};

/// An operation: its name, and a function that returns the next request.
pub(crate) type Call = (String, Box<dyn FnMut(&Client) -> Request>);

/// The number of members of the large group.
const MANY: u32 = 10_000;

/// The maximum number of members that one request adds.
const BULK: u32 = 50;

/// Returns the operations of a dialect with `size` groups.
pub(crate) fn calls(dialect: &str, size: u32) -> Vec<Call> {
    let mut calls = match dialect {
        "ibm" => ibm(size),
        "cloudflare" => cloudflare(size),
        "authress" => authress(size),
        _ => legacy(size),
    };
    for (name, query) in [
        ("all groups, first page", String::new()),
        ("all groups, last page", format!("&offset={}", size - 100)),
        ("all groups, `name` (one match)", format!("&name={}", group_name(size / 2).replace(' ', "%20"))),
        ("all groups, `account` (no match)", "&account=none".to_owned()),
    ] {
        calls.push(get(&format!("admin: {name}"), move |_| format!("/__admin/groups?limit=100{query}")));
    }
    calls
}

/// Returns the request that creates a group of a dialect.
pub(crate) fn create_request(dialect: &str) -> Request {
    let (path, body) = match dialect {
        "ibm" => {
            (format!("/v2/groups?account_id={ACCOUNT}"), r#"{"name":"New","description":"A new group"}"#)
        }
        "cloudflare" => (
            format!("/client/v4/accounts/{ACCOUNT}/access/groups"),
            r#"{"name":"New","include":[{"everyone":{}}]}"#,
        ),
        "authress" => ("/v1/groups".to_owned(), r#"{"name":"New","users":[{"userId":"one"}],"admins":[]}"#),
        _ => ("/api2/access_groups.json".to_owned(), r#"{"entry":{"name":"New","company_id":12}}"#),
    };
    request("POST", path, body)
}

pub(crate) fn request(method: &'static str, path: String, body: impl Into<String>) -> Request {
    Request { method, path, body: body.into(), if_match: None }
}

/// Returns a call whose paths are computed from scattered numbers.
fn call(name: &str, method: &'static str, path: impl Fn(u32) -> String + 'static) -> Call {
    let mut count = 0_u32;
    let next = move |_: &Client| {
        count += 1;
        request(method, path(scattered(count)), "")
    };
    (name.to_owned(), Box::new(next))
}

fn get(name: &str, path: impl Fn(u32) -> String + 'static) -> Call {
    call(name, "GET", path)
}

/// Returns calls for the first, middle and last page of a list; `path` returns the path for an offset.
fn pages(name: &str, last: u32, path: impl Fn(u32) -> String + Clone + 'static) -> Vec<Call> {
    let positions = [("first", 0), ("middle", last / 2), ("last", last)];
    let calls = positions.map(|(position, offset)| {
        let path = path.clone();
        get(&format!("{name}, {position} page"), move |_| path(offset))
    });
    calls.into()
}

/// Returns a call on a new group; `request` returns the request for the created group and its entity tag.
fn on_new_group(
    name: &str,
    dialect: &'static str,
    request: impl Fn(&Client, &serde_json::Value, String) -> Request + 'static,
) -> Call {
    let next = move |client: &Client| {
        let created = client.send(&create_request(dialect));
        let tag = created.headers.get("etag").and_then(|tag| tag.to_str().ok()).unwrap_or_default();
        let group = serde_json::from_slice(&created.body).expect("a group is JSON");
        request(client, &group, tag.to_owned())
    };
    (name.to_owned(), Box::new(next))
}

fn create(dialect: &'static str) -> Call {
    ("create".to_owned(), Box::new(move |_| create_request(dialect)))
}

fn id_string(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn ibm(size: u32) -> Vec<Call> {
    let list = move |rest: &str| format!("/v2/groups?account_id={ACCOUNT}&limit=50{rest}");
    let mut calls = vec![
        get("get", move |at| format!("/v2/groups/{}", ibm_id(at % size))),
        call("member check", "HEAD", move |at| {
            format!("/v2/groups/{}/members/{}", ibm_id(at % size), member_id(at % size, at % 5, size))
        }),
        get("members of a group", move |at| format!("/v2/groups/{}/members", ibm_id(at % size))),
    ];
    for sort in ["name", "-name", "id", "-id", "description", "-description", "is_federated", "-is_federated"]
    {
        calls.extend(pages(&format!("list, `sort={sort}`"), size - 50, move |offset| {
            list(&format!("&sort={sort}&offset={offset}"))
        }));
    }
    let member = move |at: u32| member_id(at % size, at % 5, size);
    calls.extend([
        get("list, `hide_public_access`", move |_| list("&hide_public_access=true")),
        get("list, `iam_id` (25 groups)", move |at| list(&format!("&iam_id={}", member(at)))),
        get("list, `iam_id` and `sort=-description`", move |at| {
            list(&format!("&sort=-description&iam_id={}", member(at)))
        }),
        get("list, `iam_id` and `membership_type=all`", move |at| {
            list(&format!("&membership_type=all&iam_id={}", member(at)))
        }),
        get("list, `search=id:`", move |at| list(&format!("&search=id:{}", ibm_id(at % size)))),
        get("list, `search=name:` (one match)", move |at| {
            list(&format!("&search=name:{:010}", scattered(at % size)))
        }),
        get("list, `search=name:` (all match)", move |_| list("&search=name:group")),
        get("list, `search=description:` (no match)", move |_| list("&search=description:nowhere")),
        get("users, `user_id`", move |at| {
            let name = member(at).replace("IBMid-", "");
            format!("/v2/accounts/{ACCOUNT}/users?user_id={name}@example.com")
        }),
    ]);
    // Four of the five members of a group are users.
    let users = (size / 5).saturating_sub(size / 25).max(100) - 100;
    calls.extend(pages("users", users, move |offset| {
        format!("/v2/accounts/{ACCOUNT}/users?limit=50&_start={offset}")
    }));
    calls.extend(ibm_writes());
    calls.extend(ibm_members_of_many());
    calls
}

fn ibm_writes() -> Vec<Call> {
    let path = |group: &serde_json::Value| format!("/v2/groups/{}", id_string(&group["id"]));
    let member = r#"{"members":[{"iam_id":"IBMid-new","type":"user"}]}"#;
    vec![
        create("ibm"),
        on_new_group("update", "ibm", move |_, group, tag| Request {
            if_match: Some(tag),
            ..request("PATCH", path(group), r#"{"name":"Newer"}"#)
        }),
        on_new_group("add a member", "ibm", move |_, group, _| {
            // A new member each time, because a member can be in at most fifty groups.
            let body = member.replace("IBMid-new", &format!("IBMid-{}", id_string(&group["id"])));
            request("PUT", format!("{}/members", path(group)), body)
        }),
        on_new_group("delete", "ibm", move |_, group, _| request("DELETE", path(group), "")),
    ]
}

/// Returns calls on a group with ten thousand members.
fn ibm_members_of_many() -> Vec<Call> {
    let create_with_members = |client: &Client, group: &serde_json::Value| {
        let path = format!("/v2/groups/{}", id_string(&group["id"]));
        for first in (0..MANY).step_by(BULK as usize) {
            let members = (first..first + BULK)
                .map(|number| format!(r#"{{"iam_id":"IBMid-many-{number}","type":"user"}}"#));
            let body = format!(r#"{{"members":[{}]}}"#, members.collect::<Vec<_>>().join(","));
            client.send(&request("PUT", format!("{path}/members"), body));
        }
        path
    };
    let mut calls = vec![on_new_group("delete with 10,000 members", "ibm", move |client, group, _| {
        request("DELETE", format!("{}?force=true", create_with_members(client, group)), "")
    })];
    for (name, query) in [
        ("10,000 members, middle page", "offset=5000"),
        ("10,000 members, `sort=-name`, middle page", "verbose=true&sort=-name&offset=5000"),
        (
            "10,000 members, `type=user`, `sort=email`, last page",
            "type=user&verbose=true&sort=email&offset=9950",
        ),
    ] {
        let mut created_path: Option<String> = None;
        let next = move |client: &Client| {
            let path = created_path.get_or_insert_with(|| {
                let created = client.send(&create_request("ibm"));
                create_with_members(client, &serde_json::from_slice(&created.body).expect("a group is JSON"))
            });
            request("GET", format!("{path}/members?limit=50&{query}"), "")
        };
        calls.push((name.to_owned(), Box::new(next)));
    }
    calls
}

fn cloudflare(size: u32) -> Vec<Call> {
    let groups = format!("/client/v4/accounts/{ACCOUNT}/access/groups");
    let resources = format!("/client/v4/accounts/{ACCOUNT}/iam/resource_groups");
    let mut calls = vec![get("get", {
        let groups = groups.clone();
        move |at| format!("{groups}/{}", uuid(at % size))
    })];
    calls.extend(pages("list", size / 50 - 1, {
        let groups = groups.clone();
        move |page| format!("{groups}?per_page=50&page={}", page + 1)
    }));
    for (name, query) in [
        ("list, `name`", "name=Group%20"),
        ("list, `search` (one match)", "search="),
        ("list, `name` and `search`", "search=group&name=Group%20"),
    ] {
        let groups = groups.clone();
        calls.push(get(name, move |at| format!("{groups}?per_page=50&{query}{:010}", scattered(at % size))));
    }
    let all = format!("{groups}?per_page=50&search=group");
    calls.push(get("list, `search` (all match)", move |_| all.clone()));
    let path = move |group: &serde_json::Value| format!("{groups}/{}", id_string(&group["result"]["id"]));
    let changed = r#"{"name":"Newer","include":[{"everyone":{}}]}"#;
    calls.push(create("cloudflare"));
    calls.push(on_new_group("update", "cloudflare", {
        let path = path.clone();
        move |_, group, _| request("PUT", path(group), changed)
    }));
    calls.push(on_new_group("delete", "cloudflare", move |_, group, _| request("DELETE", path(group), "")));
    calls.extend(pages("resource groups", size / 50 - 1, {
        let resources = resources.clone();
        move |page| format!("{resources}?per_page=50&page={}", page + 1)
    }));
    calls.push(get("resource groups, `name`", {
        let resources = resources.clone();
        move |at| format!("{resources}?name=Group%20{:010}", scattered(at % size))
    }));
    calls.push(get("resource groups, `id`", {
        let resources = resources.clone();
        move |at| format!("{resources}?id={}", hex_id(at % size))
    }));
    calls.push(get("resource groups, unpaginated", move |_| resources.clone()));
    calls
}

fn authress(size: u32) -> Vec<Call> {
    let mut calls = vec![
        get("get", move |at| format!("/v1/groups/grp_{}", at % size)),
        get("list, first page", |_| "/v1/groups?limit=20".to_owned()),
    ];
    for (position, skipped) in [("middle", size / 2), ("last", size - 20)] {
        let mut cursor: Option<String> = None;
        let next = move |client: &Client| {
            let path = cursor.get_or_insert_with(|| follow_cursors(client, skipped / 20));
            request("GET", path.clone(), "")
        };
        calls.push((format!("list, cursor in the {position}"), Box::new(next)));
    }
    calls.push(get("list, `filter` (one match)", move |at| {
        format!("/v1/groups?limit=20&filter={:010}", scattered(at % size))
    }));
    calls.push(get("list, `filter` (all match)", |_| "/v1/groups?limit=20&filter=group".to_owned()));
    calls.push(get("list, `filter` (no match)", |_| "/v1/groups?limit=20&filter=nowhere".to_owned()));
    let path = |group: &serde_json::Value| format!("/v1/groups/{}", id_string(&group["groupId"]));
    let changed = r#"{"name":"Newer","users":[{"userId":"two"}],"admins":[]}"#;
    calls.extend([
        create("authress"),
        on_new_group("update", "authress", move |_, group, _| request("PUT", path(group), changed)),
        on_new_group("delete", "authress", move |_, group, _| request("DELETE", path(group), "")),
    ]);
    calls
}

/// Follows the cursors of `pages` pages, and returns the path of the next page.
fn follow_cursors(client: &Client, pages: u32) -> String {
    let mut path = "/v1/groups?limit=20".to_owned();
    for _ in 0..pages {
        let page = client.send(&request("GET", path.clone(), ""));
        let page: serde_json::Value = serde_json::from_slice(&page.body).expect("a page is JSON");
        path = format!("/v1/groups?limit=20&cursor={}", id_string(&page["pagination"]["next"]["cursor"]));
    }
    path
}

fn legacy(size: u32) -> Vec<Call> {
    let path =
        |group: &serde_json::Value| format!("/api2/access_groups/{}.json", id_string(&group["entry"]["id"]));
    let mut calls = vec![get("get", move |at| format!("/api2/access_groups/{}.json", at % size + 1))];
    calls.extend(pages("list", size / 50 - 1, |page| format!("/api2/access_groups.json?Page={}", page + 1)));
    calls.extend([
        get("list, unpaginated", |_| "/api2/access_groups.json".to_owned()),
        create("legacy"),
        on_new_group("update", "legacy", move |_, group, _| {
            request("PUT", path(group), r#"{"entry":{"name":"Newer"}}"#)
        }),
        on_new_group("delete", "legacy", move |_, group, _| request("DELETE", path(group), "")),
    ]);
    calls
}
