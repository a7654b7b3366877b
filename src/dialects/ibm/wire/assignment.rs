//! The JSON bodies of assignments.

use serde::{Deserialize, Serialize};

use super::super::page::Links;
use crate::domain::ibm::error;
use crate::domain::ibm::records::assignment::{self, AssignmentDraft, Viewpoint, assignment_status};
use crate::domain::ibm::records::audit::Timestamp;
use crate::domain::ibm::records::template_group::TemplateGroup;
use crate::domain::ibm::state::IbmState;
use crate::http::base_url::encode_component;
use crate::spec::ApiError;

/// An assignment; `resources` is present only in the verbose form.
#[derive(Serialize)]
pub(in super::super) struct TemplateAssignment<'a> {
    id: &'a str,
    account_id: &'a str,
    template_id: &'a str,
    template_version: &'a str,
    target_type: &'static str,
    target: &'a str,
    operation: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<[Resource<'a>; 1]>,
    href: String,
    created_at: Timestamp,
    created_by_id: &'a str,
    last_modified_at: Timestamp,
    last_modified_by_id: &'a str,
}

/// The resources that an assignment created in one target.
#[derive(Serialize)]
struct Resource<'a> {
    target: &'a str,
    group: ResourceGroup<'a>,
    /// Always empty, because this server does not emulate policy templates.
    policy_template_references: [(); 0],
}

#[derive(Serialize)]
struct ResourceGroup<'a> {
    group: Entry<'a>,
    members: Vec<Entry<'a>>,
    rules: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    version: &'a str,
    resource: &'a str,
    error: &'static str,
    operation: &'static str,
    status: &'static str,
}

/// One page of assignments.
#[derive(Serialize)]
pub(in super::super) struct ListTemplateAssignments<'a> {
    pub(in super::super) limit: usize,
    pub(in super::super) offset: usize,
    pub(in super::super) total_count: usize,
    #[serde(flatten)]
    pub(in super::super) links: Links,
    pub(in super::super) assignments: Vec<TemplateAssignment<'a>>,
}

impl<'a> TemplateAssignment<'a> {
    /// Returns an assignment without its resources; `assignments_url` is the URL of the assignment list.
    pub(in super::super) fn new(
        assignment: &'a assignment::Assignment,
        viewpoint: Viewpoint,
        assignments_url: &str,
    ) -> Self {
        Self {
            id: &assignment.id,
            account_id: &assignment.account,
            template_id: &assignment.template,
            template_version: &assignment.version,
            target_type: assignment.target_type.name(),
            target: &assignment.target,
            operation: assignment.operation.name(),
            status: assignment_status(assignment, viewpoint).name(),
            resources: None,
            href: format!("{assignments_url}/{}", encode_component(&assignment.id)),
            created_at: assignment.created.at,
            created_by_id: &assignment.created.by,
            last_modified_at: assignment.modified.at,
            last_modified_by_id: &assignment.modified.by,
        }
    }

    /// Returns an assignment with the resources that it created.
    pub(in super::super) fn detailed(
        assignment: &'a assignment::Assignment,
        (state, viewpoint): (&'a IbmState, Viewpoint),
        assignments_url: &str,
    ) -> Self {
        let mut body = Self::new(assignment, viewpoint, assignments_url);
        body.resources = Some([body.resource(assignment, state.assigned_template_group(assignment))]);
        body
    }

    /// Returns the created resources. They have no ids if the target is an account group, because this server does not
    /// know its accounts.
    fn resource(&self, assignment: &'a assignment::Assignment, group: &'a TemplateGroup) -> Resource<'a> {
        let Some(effect) = &assignment.managed_group else {
            let group = Entry { resource: "", ..self.entry(self.template_id, group.content.name()) };
            let group = ResourceGroup { group, members: Vec::new(), rules: Vec::new() };
            return Resource { target: self.target, group, policy_template_references: [] };
        };
        let members = group.members.iter();
        let members = members.map(|member| Entry { name: None, ..self.entry(&member.iam_id, "") });
        let rules = effect.rule_ids.iter().zip(&group.rules);
        let group = ResourceGroup {
            group: self.entry(&effect.group_id, group.content.name()),
            members: members.collect(),
            rules: rules.map(|(id, rule)| self.entry(id, &rule.content.name)).collect(),
        };
        Resource { target: self.target, group, policy_template_references: [] }
    }

    fn entry(&self, id: &'a str, name: &'a str) -> Entry<'a> {
        Entry {
            id,
            name: Some(name),
            version: self.template_version,
            resource: id,
            error: "",
            operation: self.operation,
            status: self.status,
        }
    }
}

/// The request body that creates an assignment.
#[derive(Debug, Deserialize)]
pub(in super::super) struct AssignmentRequest {
    template_id: Option<String>,
    template_version: Option<String>,
    target_type: Option<String>,
    target: Option<String>,
}

impl AssignmentRequest {
    /// Returns the draft of the assignment.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn into_draft(self) -> Result<AssignmentDraft, ApiError> {
        let fields = [self.template_id, self.template_version, self.target_type, self.target];
        AssignmentDraft::new(fields).map_err(|violations| error::INVALID_PAYLOAD.with_violations(violations))
    }
}

/// The request body that changes the template version of an assignment.
#[derive(Debug, Deserialize)]
pub(in super::super) struct AssignmentUpdateRequest {
    template_version: Option<String>,
}

impl AssignmentUpdateRequest {
    /// Returns the version number as a string.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn into_version(self) -> Result<String, ApiError> {
        let version = self.template_version.filter(|version| !version.is_empty());
        version
            .ok_or_else(|| error::INVALID_PAYLOAD.with_violation("template_version", "is missing or empty"))
    }
}
