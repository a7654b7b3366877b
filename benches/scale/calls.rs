//! The operations of each dialect.

use crate::client::{Asked, Client};
use crate::seeds::{ACCOUNT, hex_of, ibm_id, member_of, name_of, scattered, uuid_of};

/// An operation: its name, and what gives the next request.
pub(crate) type Call = (String, Box<dyn FnMut(&Client) -> Asked>);

/// The members of the group that is deleted with all of them.
const MANY: u32 = 10_000;

/// How many members a request adds at most.
const BULK: u32 = 50;

/// Returns the operations of a dialect with `size` groups.
pub(crate) fn of(dialect: &str, size: u32) -> Vec<Call> {
    let mut calls = match dialect {
        "ibm" => ibm(size),
        "cloudflare" => cloudflare(size),
        "authress" => authress(size),
        _ => legacy(size),
    };
    for (name, query) in [
        ("all groups, first page", String::new()),
        ("all groups, last page", format!("&offset={}", size - 100)),
        ("all groups, `name` that one has", format!("&name={}", name_of(size / 2).replace(' ', "%20"))),
        ("all groups, `account` that none has", "&account=none".to_owned()),
    ] {
        calls.push(get(&format!("admin: {name}"), move |_| format!("/__admin/groups?limit=100{query}")));
    }
    calls
}

/// Returns the creation of a group of a dialect, the first write after a snapshot.
pub(crate) fn creation(dialect: &str) -> Asked {
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
    with("POST", path, body)
}

pub(crate) fn with(method: &'static str, path: String, body: impl Into<String>) -> Asked {
    Asked { method, path, body: body.into(), if_match: None }
}

/// A call whose paths follow from a number that jumps about.
fn each(name: &str, method: &'static str, path: impl Fn(u32) -> String + 'static) -> Call {
    let mut count = 0_u32;
    let next = move |_: &Client| {
        count += 1;
        with(method, path(scattered(count)), "")
    };
    (name.to_owned(), Box::new(next))
}

fn get(name: &str, path: impl Fn(u32) -> String + 'static) -> Call {
    each(name, "GET", path)
}

/// The first, middle and last page of a list; `path` gives it by offset.
fn pages(name: &str, last: u32, path: impl Fn(u32) -> String + Clone + 'static) -> Vec<Call> {
    let places = [("first", 0), ("middle", last / 2), ("last", last)];
    let calls = places.map(|(place, offset)| {
        let path = path.clone();
        get(&format!("{name}, {place} page"), move |_| path(offset))
    });
    calls.into()
}

/// A call on a group that is made for it; `read` gives the call by the group's id.
fn on_new(
    name: &str,
    dialect: &'static str,
    read: impl Fn(&Client, &serde_json::Value, String) -> Asked + 'static,
) -> Call {
    let next = move |client: &Client| {
        let created = client.ask(&creation(dialect));
        let tag = created.headers.get("etag").and_then(|tag| tag.to_str().ok()).unwrap_or_default();
        let group = serde_json::from_slice(&created.body).expect("a group is JSON");
        read(client, &group, tag.to_owned())
    };
    (name.to_owned(), Box::new(next))
}

fn create(dialect: &'static str) -> Call {
    ("create".to_owned(), Box::new(move |_| creation(dialect)))
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn ibm(size: u32) -> Vec<Call> {
    let list = move |rest: &str| format!("/v2/groups?account_id={ACCOUNT}&limit=50{rest}");
    let mut calls = vec![
        get("get", move |at| format!("/v2/groups/{}", ibm_id(at % size))),
        each("member check", "HEAD", move |at| {
            format!("/v2/groups/{}/members/{}", ibm_id(at % size), member_of(at % size, at % 5, size))
        }),
        get("members of a group", move |at| format!("/v2/groups/{}/members", ibm_id(at % size))),
    ];
    for sort in ["name", "-name", "id", "-id", "description", "-description", "is_federated", "-is_federated"]
    {
        calls.extend(pages(&format!("list, `sort={sort}`"), size - 50, move |offset| {
            list(&format!("&sort={sort}&offset={offset}"))
        }));
    }
    let member = move |at: u32| member_of(at % size, at % 5, size);
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
        get("list, `search=name:` that one has", move |at| {
            list(&format!("&search=name:{:010}", scattered(at % size)))
        }),
        get("list, `search=name:` that all have", move |_| list("&search=name:group")),
        get("list, `search=description:` that none has", move |_| list("&search=description:nowhere")),
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
    let path = |group: &serde_json::Value| format!("/v2/groups/{}", text(&group["id"]));
    let member = r#"{"members":[{"iam_id":"IBMid-new","type":"user"}]}"#;
    vec![
        create("ibm"),
        on_new("update", "ibm", move |_, group, tag| Asked {
            if_match: Some(tag),
            ..with("PATCH", path(group), r#"{"name":"Newer"}"#)
        }),
        on_new("add a member", "ibm", move |_, group, _| {
            // A member of its own, as each is in fifty groups at most.
            let body = member.replace("IBMid-new", &format!("IBMid-{}", text(&group["id"])));
            with("PUT", format!("{}/members", path(group)), body)
        }),
        on_new("delete", "ibm", move |_, group, _| with("DELETE", path(group), "")),
    ]
}

/// What is asked of a group with ten thousand members, and its deletion.
fn ibm_members_of_many() -> Vec<Call> {
    let many = |client: &Client, group: &serde_json::Value| {
        let path = format!("/v2/groups/{}", text(&group["id"]));
        for first in (0..MANY).step_by(BULK as usize) {
            let members = (first..first + BULK)
                .map(|number| format!(r#"{{"iam_id":"IBMid-many-{number}","type":"user"}}"#));
            let body = format!(r#"{{"members":[{}]}}"#, members.collect::<Vec<_>>().join(","));
            client.ask(&with("PUT", format!("{path}/members"), body));
        }
        path
    };
    let mut calls = vec![on_new("delete with 10,000 members", "ibm", move |client, group, _| {
        with("DELETE", format!("{}?force=true", many(client, group)), "")
    })];
    for (name, query) in [
        ("10,000 members, middle page", "offset=5000"),
        ("10,000 members, `sort=-name`, middle page", "verbose=true&sort=-name&offset=5000"),
        (
            "10,000 members, `type=user`, `sort=email`, last page",
            "type=user&verbose=true&sort=email&offset=9950",
        ),
    ] {
        let mut made: Option<String> = None;
        let next = move |client: &Client| {
            let path = made.get_or_insert_with(|| {
                let created = client.ask(&creation("ibm"));
                many(client, &serde_json::from_slice(&created.body).expect("a group is JSON"))
            });
            with("GET", format!("{path}/members?limit=50&{query}"), "")
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
        move |at| format!("{groups}/{}", uuid_of(at % size))
    })];
    calls.extend(pages("list", size / 50 - 1, {
        let groups = groups.clone();
        move |page| format!("{groups}?per_page=50&page={}", page + 1)
    }));
    for (name, query) in [
        ("list, `name`", "name=Group%20"),
        ("list, `search` that one has", "search="),
        ("list, `name` and `search`", "search=group&name=Group%20"),
    ] {
        let groups = groups.clone();
        calls.push(get(name, move |at| format!("{groups}?per_page=50&{query}{:010}", scattered(at % size))));
    }
    let all = format!("{groups}?per_page=50&search=group");
    calls.push(get("list, `search` that all have", move |_| all.clone()));
    let path = move |group: &serde_json::Value| format!("{groups}/{}", text(&group["result"]["id"]));
    let changed = r#"{"name":"Newer","include":[{"everyone":{}}]}"#;
    calls.push(create("cloudflare"));
    calls.push(on_new("update", "cloudflare", {
        let path = path.clone();
        move |_, group, _| with("PUT", path(group), changed)
    }));
    calls.push(on_new("delete", "cloudflare", move |_, group, _| with("DELETE", path(group), "")));
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
        move |at| format!("{resources}?id={}", hex_of(at % size))
    }));
    calls.push(get("resource groups, whole", move |_| resources.clone()));
    calls
}

fn authress(size: u32) -> Vec<Call> {
    let mut calls = vec![
        get("get", move |at| format!("/v1/groups/grp_{}", at % size)),
        get("list, first page", |_| "/v1/groups?limit=20".to_owned()),
    ];
    for (place, passed) in [("middle", size / 2), ("last", size - 20)] {
        let mut cursor: Option<String> = None;
        let next = move |client: &Client| {
            let path = cursor.get_or_insert_with(|| walk(client, passed / 20));
            with("GET", path.clone(), "")
        };
        calls.push((format!("list, cursor in the {place}"), Box::new(next)));
    }
    calls.push(get("list, `filter` that one has", move |at| {
        format!("/v1/groups?limit=20&filter={:010}", scattered(at % size))
    }));
    calls.push(get("list, `filter` that all have", |_| "/v1/groups?limit=20&filter=group".to_owned()));
    calls.push(get("list, `filter` that none has", |_| "/v1/groups?limit=20&filter=nowhere".to_owned()));
    let path = |group: &serde_json::Value| format!("/v1/groups/{}", text(&group["groupId"]));
    let changed = r#"{"name":"Newer","users":[{"userId":"two"}],"admins":[]}"#;
    calls.extend([
        create("authress"),
        on_new("update", "authress", move |_, group, _| with("PUT", path(group), changed)),
        on_new("delete", "authress", move |_, group, _| with("DELETE", path(group), "")),
    ]);
    calls
}

/// Goes from page to page, and returns the path of the one behind the last.
fn walk(client: &Client, pages: u32) -> String {
    let mut path = "/v1/groups?limit=20".to_owned();
    for _ in 0..pages {
        let page = client.ask(&with("GET", path.clone(), ""));
        let page: serde_json::Value = serde_json::from_slice(&page.body).expect("a page is JSON");
        path = format!("/v1/groups?limit=20&cursor={}", text(&page["pagination"]["next"]["cursor"]));
    }
    path
}

fn legacy(size: u32) -> Vec<Call> {
    let path =
        |group: &serde_json::Value| format!("/api2/access_groups/{}.json", text(&group["entry"]["id"]));
    let mut calls = vec![get("get", move |at| format!("/api2/access_groups/{}.json", at % size + 1))];
    calls.extend(pages("list", size / 50 - 1, |page| format!("/api2/access_groups.json?Page={}", page + 1)));
    calls.extend([
        get("list, whole", |_| "/api2/access_groups.json".to_owned()),
        create("legacy"),
        on_new("update", "legacy", move |_, group, _| {
            with("PUT", path(group), r#"{"entry":{"name":"Newer"}}"#)
        }),
        on_new("delete", "legacy", move |_, group, _| with("DELETE", path(group), "")),
    ]);
    calls
}
