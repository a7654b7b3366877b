//! Policies, by both versions of the API, and the roles that they grant.

use axum::http::StatusCode;
use axum::http::header::ETAG;

use super::super::MEDIA_TYPE;
use super::super::error::neighbors;
use super::super::if_match::IfMatch;
use super::super::model::Caller;
use super::super::model::policy::{Policy, PolicyDraft, Version};
use super::super::model::policy_list::PolicyQuery;
use super::super::model::role;
use super::super::params;
use super::super::wire::{self, Body, PageLink, PolicyCollection, PolicyRequest, RoleCollection};
use crate::failure::{Failure, Violation};
use crate::http::links::escape;
use crate::http::{Answer, Context, Path, Query, Reply, json};

/// `POST /v1/policies` and `POST /v2/policies`: 201 with the new policy and its entity tag.
pub(in super::super) async fn create_policy<R: PolicyRequest>(
    caller: Caller,
    context: Context,
    body: Body<R>,
) -> Answer {
    let draft = draft(body)?;
    context.write(|world, tx| {
        let policy = world.ibm.create_policy(R::VERSION, draft, &caller, tx)?;
        Ok(reply(StatusCode::CREATED, policy, R::VERSION, &context))
    })
}

/// `GET /v1/policies` and `GET /v2/policies`: 200 with policies of an account.
pub(in super::super) async fn list_policies<R: PolicyRequest>(
    caller: Caller,
    query: Query,
    context: Context,
) -> Answer {
    let wanted = params::policy_list(&query)?;
    caller.check_account(&wanted.account)?;
    context.read(|world| {
        let page = world.ibm.list_policies(&wanted);
        let form = |policy| wire::Policy::of(policy, R::VERSION, context.base_url());
        let policies = page.items.into_iter().map(form).collect();
        let links = Links { query: &query, url: format!("{}{}", context.base_url(), R::VERSION.path()) };
        Ok(json(StatusCode::OK, MEDIA_TYPE, &links.collection(&wanted, policies, page.total)))
    })
}

/// `GET /v1/policies/{policy_id}` and `GET /v2/policies/{policy_id}`: 200 with the policy and its entity tag.
pub(in super::super) async fn get_policy<R: PolicyRequest>(
    caller: Caller,
    Path(id): Path<String>,
    context: Context,
) -> Answer {
    context.read(|world| {
        let policy = world.ibm.policy(&id, &caller)?;
        Ok(reply(StatusCode::OK, policy, R::VERSION, &context))
    })
}

/// `PUT /v1/policies/{policy_id}` and `PUT /v2/policies/{policy_id}`: 200 with the replaced policy and its new
/// entity tag.
pub(in super::super) async fn replace_policy<R: PolicyRequest>(
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    context: Context,
    body: Body<R>,
) -> Answer {
    context.write(|world, tx| {
        let entity_tag = world.ibm.policy(&id, &caller)?.entity_tag();
        let draft = draft(body)?;
        if_match.check(&entity_tag)?;
        let policy = world.ibm.replace_policy(&id, draft, &caller, tx)?;
        Ok(reply(StatusCode::OK, policy, R::VERSION, &context))
    })
}

/// `DELETE /v1/policies/{policy_id}` and `DELETE /v2/policies/{policy_id}`: 204.
pub(in super::super) async fn delete_policy(
    caller: Caller,
    Path(id): Path<String>,
    context: Context,
) -> Answer {
    context.write(|world, _| {
        world.ibm.policy(&id, &caller)?;
        world.ibm.delete_policy(&id);
        Ok(Reply::empty(StatusCode::NO_CONTENT))
    })
}

/// `GET /v2/roles`: 200 with the roles that policies can grant.
pub(in super::super) async fn list_roles(_: Caller, query: Query) -> Answer {
    let is_identity =
        query.text("service_group_id") == Some("IAM") || query.text("service_name") == Some("iam-identity");
    let more = if is_identity { role::IDENTITY } else { &[] };
    Ok(json(StatusCode::OK, MEDIA_TYPE, &RoleCollection::with(more)))
}

/// The content of a policy; policy management has a code of its own for every mistake in a body.
fn draft<R: PolicyRequest>(body: Body<R>) -> Result<PolicyDraft, Failure> {
    let invalid = |path: &str, reason: &str| neighbors::invalid_body(&[Violation::new(path, reason)]).into();
    let request = body.get().map_err(|failure| match &failure {
        Failure::BadShape(violation) => invalid(&violation.path, &violation.reason),
        Failure::BadJson { .. } | Failure::BadBody(_) => invalid("", &failure.reason()),
        _ => failure,
    })?;
    Ok(PolicyDraft::new(request.given())?)
}

fn reply(status: StatusCode, policy: &Policy, version: Version, context: &Context) -> Reply {
    let shape = wire::Policy::of(policy, version, context.base_url());
    json(status, MEDIA_TYPE, &shape).header(ETAG, &policy.entity_tag())
}

/// The links of a page of policies, which repeat the parameters of its request.
struct Links<'a> {
    query: &'a Query,
    url: String,
}

impl Links<'_> {
    fn collection<'a>(
        &self,
        wanted: &PolicyQuery,
        policies: Vec<wire::Policy<'a>>,
        total: usize,
    ) -> PolicyCollection<'a> {
        let Some(limit) = wanted.limit else {
            return PolicyCollection { limit: None, first: None, next: None, previous: None, policies };
        };
        let end = wanted.offset.saturating_add(limit);
        PolicyCollection {
            limit: Some(limit),
            first: Some(self.to(0)),
            next: (end < total).then(|| self.to(end)),
            previous: (wanted.offset > 0).then(|| self.to(wanted.offset.saturating_sub(limit))),
            policies,
        }
    }

    fn to(&self, offset: usize) -> PageLink {
        let repeated = self.query.iter().filter(|(name, _)| *name != "start");
        let mut pairs: Vec<String> =
            repeated.map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
        let start = (offset > 0).then(|| offset.to_string());
        pairs.extend(start.iter().map(|start| format!("start={start}")));
        PageLink { href: format!("{}?{}", self.url, pairs.join("&")), start }
    }
}
