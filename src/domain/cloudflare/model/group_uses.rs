//! The records that refer to a group: rules of Access groups, policies and applications name Access groups, and policies
//! of members and user groups name resource groups.

use serde_json::Value;

use super::{AccessGroup, CloudflareState};
use crate::store::{GroupSelector, GroupUse};

/// The kind of group that a reference names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reference {
    /// `{"group": {"id": …}}`.
    AccessGroup,
    /// An item of `resource_groups`.
    ResourceGroup,
}

impl CloudflareState {
    /// Returns the records of the same account or zone that refer to the selected groups; `None` if there is no such
    /// group.
    pub(super) fn group_uses(&self, selector: &GroupSelector) -> Option<Vec<GroupUse>> {
        let access_owners = self.access_groups.iter().map(|group| (&*group.owner, &*group.id));
        let mut groups: Vec<(Reference, String)> = access_owners
            .filter(|(owner, id)| selector.matches(account_of(owner), id))
            .map(|(owner, _)| (Reference::AccessGroup, owner.to_owned()))
            .collect();
        let resource_groups = self.resource_groups.iter();
        groups.extend(
            resource_groups
                .filter(|group| selector.matches(&group.account, &group.id))
                .map(|group| (Reference::ResourceGroup, format!("accounts/{}", group.account))),
        );
        if groups.is_empty() {
            return None;
        }
        let mut uses = Vec::new();
        for (reference, owner) in groups {
            if reference == Reference::AccessGroup {
                let others = self.access_groups.iter().filter(|group| *group.owner == *owner);
                uses.extend(others.flat_map(|group| uses_of_access_group(group, &selector.id)));
            }
            let list = format!("{owner}/");
            for neighbor in self.neighbors.iter().filter(|neighbor| neighbor.list.starts_with(&list)) {
                uses.extend(find(neighbor.json.get(), reference, &selector.id).into_iter().map(|path| {
                    GroupUse {
                        kind: neighbor.kind.name,
                        account: account_of(&owner).to_owned(),
                        id: neighbor.id.to_string(),
                        name: neighbor.fields().string("name").unwrap_or_default(),
                        path,
                    }
                }));
            }
        }
        Some(uses)
    }
}

fn account_of(owner: &str) -> &str {
    owner.split_once('/').map_or("", |(_, account)| account)
}

fn uses_of_access_group(group: &AccessGroup, id: &str) -> Vec<GroupUse> {
    let content = &group.content;
    let lists = [("include", &content.include), ("exclude", &content.exclude), ("require", &content.require)];
    let paths = lists.into_iter().flat_map(|(name, rules)| {
        let paths = find(rules.json().get(), Reference::AccessGroup, id);
        paths.into_iter().map(move |path| format!("{name}{path}"))
    });
    let uses = paths.map(|path| GroupUse {
        kind: "access_group",
        account: account_of(&group.owner).to_owned(),
        id: group.id.to_string(),
        name: content.name.to_string(),
        path,
    });
    uses.collect()
}

/// Returns the paths of the references to the group `id` in `json`.
fn find(json: &str, reference: Reference, id: &str) -> Vec<String> {
    let mut paths = Vec::new();
    // Parsing is slower than searching for the identifier, which few records contain.
    if json.contains(id)
        && let Ok(value) = serde_json::from_str::<Value>(json)
    {
        collect(&value, (reference, id), &mut String::new(), &mut paths);
    }
    paths
}

fn collect(value: &Value, (reference, id): (Reference, &str), path: &mut String, paths: &mut Vec<String>) {
    let length = path.len();
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                path.push_str(if path.is_empty() || path.ends_with('.') { "" } else { "." });
                path.push_str(name);
                let is_reference =
                    reference == Reference::AccessGroup && name == "group" && value["id"] == id;
                let items = Some(value)
                    .filter(|_| reference == Reference::ResourceGroup && name == "resource_groups");
                if is_reference {
                    paths.push(path.clone());
                } else if let Some(Value::Array(items)) = items {
                    let found = items.iter().enumerate().filter(|(_, item)| item["id"] == id);
                    paths.extend(found.map(|(index, _)| format!("{path}[{index}]")));
                } else {
                    collect(value, (reference, id), path, paths);
                }
                path.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push_str(&format!("[{index}]"));
                collect(item, (reference, id), path, paths);
                path.truncate(length);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
