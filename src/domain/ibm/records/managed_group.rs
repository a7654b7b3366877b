//! Managed groups: the group that an assignment creates in its target account, and the changes that the account may
//! make.

/// The group and rules that an assignment created in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedGroup {
    /// The id of the group.
    pub group_id: Box<str>,
    /// The ids of the rules of the template, in the order of the template.
    pub rule_ids: Vec<Box<str>>,
}

/// The ids of the group and rules that an assignment creates; missing ones are generated.
#[derive(Debug, Clone, Default)]
pub struct ManagedGroupIds {
    /// The id of the group.
    pub group_id: Option<Box<str>>,
    /// The ids of the rules, in the order of the template.
    pub rule_ids: Vec<Box<str>>,
}

/// A direct change of a group, not through its template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupMutation<'a> {
    /// A change of the name or description.
    Update,
    /// The deletion of the group.
    Delete,
    /// The addition of a member.
    AddMember,
    /// The removal of this member.
    RemoveMember(&'a str),
    /// The addition of a rule.
    AddRule,
    /// The replacement of this rule.
    ReplaceRule(&'a str),
    /// The removal of this rule.
    RemoveRule(&'a str),
    /// The addition of a policy for the group.
    AddPolicy,
}
