//! The section of the seed: the objects of each account.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::super::records::{Fields, Object, Records, key};
use super::super::seed_file::item;
use super::super::{UnusedList, text};
use super::{assignments, rules};

/// The accounts by id, each with its part of the seed.
type Accounts = BTreeMap<String, Map<String, Value>>;

/// The details of an identity, which the seed has in common for all its occurrences.
const DETAILS: [&str; 3] = ["name", "email", "description"];

/// Returns the section of the seed.
pub(in super::super) fn section(records: &mut Records, unused: &mut UnusedList) -> Value {
    let mut accounts = Accounts::new();
    for account in records.take(&key(["ibm", "account_names"])) {
        let name = text(&account.fields, "name").filter(|name| *name != account.id);
        let fields = name.map(|name| ("name".to_owned(), name.into())).into_iter().collect();
        accounts.insert(account.id, fields);
    }
    for settings in records.take(&key(["ibm", "settings"])) {
        accounts.entry(settings.id.clone()).or_default().insert("settings".to_owned(), item(settings));
    }
    let mut listed = BTreeSet::new();
    users(records, &mut accounts, &mut listed);
    for name in ["service_ids", "profiles"] {
        for principal in records.take(&key(["ibm", name])) {
            listed.insert(format!("iam-{}", principal.id));
            push(&mut accounts, name, principal, unused);
        }
    }
    groups_and_assignments(records, (&mut accounts, &listed), unused);
    for mut policy in records.take(&key(["ibm", "policies"])) {
        // The account is that of the resource.
        let account = policy.fields.shift_remove("account_id");
        let Some(account) = account.as_ref().and_then(Value::as_str) else {
            unused.add(&policy.place, "the account of the policy is not shown");
            continue;
        };
        list(&mut accounts, account, "policies").push(item(policy));
    }
    let mut section = Map::new();
    if !accounts.is_empty() {
        let accounts = accounts.into_iter().map(|(id, account)| (id, Value::Object(account)));
        section.insert("accounts".to_owned(), Value::Object(accounts.collect()));
    }
    let names = records.take(&key(["ibm", "account_group_names"])).into_iter();
    let names = names.filter_map(|it| Some((it.id.clone(), it.fields.get("name")?.clone())));
    let names: Map<String, Value> = names.filter(|(_, name)| name.is_string()).collect();
    if !names.is_empty() {
        section.insert("account_group_names".to_owned(), Value::Object(names));
    }
    let neighbors = neighbors(records);
    if !neighbors.is_empty() {
        section.insert("neighbors".to_owned(), Value::Object(neighbors));
    }
    Value::Object(section)
}

/// Adds an object to a list of the account that it names.
fn push(accounts: &mut Accounts, name: &str, object: Object, unused: &mut UnusedList) {
    let Some(account) = text(&object.fields, "account_id").map(str::to_owned) else {
        unused.add(&object.place, format!("the account of `{}` is not shown", object.id));
        return;
    };
    list(accounts, &account, name).push(item(object));
}

fn list<'a>(accounts: &'a mut Accounts, account: &str, name: &str) -> &'a mut Vec<Value> {
    let account = accounts.entry(account.to_owned()).or_default();
    let list = account.entry(name).or_insert_with(|| json!([]));
    list.as_array_mut().expect("the lists of an account are arrays")
}

fn users(records: &mut Records, accounts: &mut Accounts, listed: &mut BTreeSet<String>) {
    for users in records.keys(&["ibm", "users"]) {
        let account = users[2].clone();
        let settings = records.take(&key(["ibm", "user_settings", &account]));
        let mut settings: BTreeMap<String, Fields> =
            settings.into_iter().map(|object| (object.id, object.fields)).collect();
        for mut user in records.take(&users) {
            if let Some(settings) = settings.remove(&user.id) {
                user.fields.insert("settings".to_owned(), Value::Object(settings));
            }
            listed.insert(user.id.clone());
            list(accounts, &account, "users").push(item(user));
        }
    }
}

fn groups_and_assignments(
    records: &mut Records,
    (accounts, listed): (&mut Accounts, &BTreeSet<String>),
    unused: &mut UnusedList,
) {
    let mut groups = records.take(&key(["ibm", "groups"]));
    let mut assigned = records.take(&key(["ibm", "assignments"]));
    let created = assignments::mark_saved(&mut assigned, &groups);
    groups.retain(|group| !created.contains(&group.id));
    let mut lists: BTreeMap<String, Vec<Object>> = BTreeMap::new();
    for key in records.keys(&["ibm", "members"]) {
        lists.insert(key[2].clone(), records.take(&key));
    }
    unify_details(&mut lists, listed);
    for mut group in groups {
        let members = lists.remove(&group.id).unwrap_or_default();
        let rules = records.take(&rules(&group.id));
        for (name, objects) in [("members", members), ("rules", rules)] {
            if !objects.is_empty() {
                let items: Vec<Value> = objects.into_iter().map(item).collect();
                group.fields.insert(name.to_owned(), items.into());
            }
        }
        push(accounts, "groups", group, unused);
    }
    for key in records.keys(&["ibm", "rules"]) {
        lists.insert(key[2].clone(), records.take(&key));
    }
    for (group, objects) in lists.iter().filter(|(group, _)| !created.contains(*group)) {
        if let Some(first) = objects.first() {
            unused.add(&first.place, format!("the group `{group}` of these members or rules is not shown"));
        }
    }
    for versions in records.keys(&["ibm", "template_versions"]) {
        template(records.take(&versions), accounts, unused);
    }
    for assignment in assigned {
        push(accounts, "assignments", assignment, unused);
    }
}

/// Gives all occurrences of an identity the same details: the last ones that were shown, or those of the user, service
/// id or profile.
fn unify_details(lists: &mut BTreeMap<String, Vec<Object>>, listed: &BTreeSet<String>) {
    let mut details: BTreeMap<String, (usize, Fields)> = BTreeMap::new();
    for member in lists.values().flatten() {
        let shown: Fields = DETAILS
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), member.fields.get(*name)?.clone())))
            .collect();
        if shown.is_empty() {
            continue;
        }
        let known = details.entry(member.id.clone()).or_default();
        if member.place.entry >= known.0 {
            *known = (member.place.entry, shown);
        }
    }
    for member in lists.values_mut().flatten() {
        for name in DETAILS {
            member.fields.shift_remove(name);
        }
        if let Some((_, shown)) = details.get(&member.id).filter(|_| !listed.contains(&member.id)) {
            member.fields.extend(shown.clone());
        }
    }
}

/// Adds the versions of a template, in ascending order, to its account.
fn template(mut versions: Vec<Object>, accounts: &mut Accounts, unused: &mut UnusedList) {
    versions.sort_by_key(|version| version.id.parse::<u32>().unwrap_or_default());
    let account = versions.iter().find_map(|version| version.fields.get("account_id").cloned());
    for mut version in versions {
        if let Some(account) = &account {
            version.fields.entry("account_id").or_insert_with(|| account.clone());
        }
        push(accounts, "templates", version, unused);
    }
}

fn neighbors(records: &mut Records) -> Map<String, Value> {
    let mut neighbors = Map::new();
    for name in ["resource_groups", "serviceid_groups"] {
        let items: Vec<Value> = records.take(&key(["ibm", name])).into_iter().map(item).collect();
        if !items.is_empty() {
            neighbors.insert(name.to_owned(), items.into());
        }
    }
    let mut templates = Vec::new();
    let mut lists = Map::new();
    for list in records.keys(&["ibm", "policy_template_versions"]) {
        let mut versions = records.take(&list);
        versions.sort_by_key(|version| version.id.parse::<u32>().unwrap_or_default());
        let Some(last) = versions.last() else { continue };
        // All versions have the name and the account of the template.
        let common = ["account_id", "name"].map(|name| last.fields.get(name).cloned().unwrap_or_default());
        let [account, name] = &common;
        templates.push(json!({
            "id": list[2],
            "account_id": account,
            "name": name,
            "last_version": last.id.parse::<u32>().unwrap_or_default()
        }));
        for version in &mut versions {
            version.fields.insert("account_id".to_owned(), account.clone());
            version.fields.insert("name".to_owned(), name.clone());
        }
        let items: Vec<Value> = versions.into_iter().map(item).collect();
        lists.insert(format!("policy_templates/{}/versions", list[2]), items.into());
    }
    if !templates.is_empty() {
        neighbors.insert("policy_templates".to_owned(), templates.into());
        neighbors.extend(lists);
    }
    neighbors
}
