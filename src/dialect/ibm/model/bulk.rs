//! Bulk requests: requests with several items, each with its own result, and the faults injected into single items.

use crate::error::ErrorCode;

/// The items of a bulk request in the order of the request, and the faults injected into them.
pub struct Batch<'a, T> {
    /// The items.
    pub parts: &'a [T],
    /// The injected faults.
    pub faults: Faults<'a>,
}

/// Returns the status with which the item with the given zero-based index and id fails; `None` if no fault is injected.
pub type Faults<'a> = &'a dyn Fn(usize, &str) -> Option<u16>;

/// The result of one item of a bulk request; its error does not fail the whole request.
pub type Outcome<T> = Result<T, PartError>;

/// The error of one item of a bulk request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartError {
    /// An error of the API, or a fault that injects one.
    Refused(&'static ErrorCode),
    /// A fault with a status that no error of the API has.
    Fault(u16),
}

impl<T> Clone for Batch<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Batch<'_, T> {}

impl<T> std::fmt::Debug for Batch<'_, T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Batch").field("items", &self.parts.len()).finish_non_exhaustive()
    }
}

impl From<&'static ErrorCode> for PartError {
    fn from(code: &'static ErrorCode) -> Self {
        Self::Refused(code)
    }
}

/// Runs the operation of one item. If a fault is injected, the operation does not run and the error is the first one of
/// `known` with the status of the fault.
pub(super) fn unless_fault<T>(
    fault: Option<u16>,
    known: &[&'static ErrorCode],
    operation: impl FnOnce() -> Outcome<T>,
) -> Outcome<T> {
    let Some(status) = fault else { return operation() };
    let matching = known.iter().find(|code| code.status == status);
    Err(matching.map_or(PartError::Fault(status), |code| PartError::Refused(code)))
}

#[cfg(test)]
mod tests {
    use super::super::super::error::item;
    use super::super::group::GroupDraft;
    use super::super::member::{MemberKind, NewMember};
    use super::super::{Caller, State};
    use super::*;
    use crate::store::{ClockSetting, IdGenerator, Store};

    const ACCOUNT: &str = "a";

    fn caller() -> Caller {
        Caller { iam_id: "IBMid-caller".to_owned(), account: ACCOUNT.to_owned(), limited_to: None }
    }

    fn user(iam_id: &str) -> NewMember {
        NewMember { iam_id: iam_id.to_owned(), kind: MemberKind::User }
    }

    fn no_faults(_: usize, _: &str) -> Option<u16> {
        None
    }

    /// Returns a store with two groups: the first has the members `IBMid-1` and `IBMid-2`, the second has `IBMid-1`.
    fn store() -> (Store<State>, [String; 2]) {
        let store = Store::new(State::default(), ClockSetting::System, IdGenerator::from_seed(1));
        let ids = store.write(|state, tx| {
            ["one", "two"].map(|name| {
                let draft = GroupDraft::new(Some(name.to_owned()), None).unwrap();
                state.create_group(ACCOUNT, draft, &caller(), tx).place.id.to_string()
            })
        });
        store.write(|state, tx| {
            for (id, count) in ids.iter().zip([2, 1]) {
                let members = &[user("IBMid-1"), user("IBMid-2")][..count];
                let batch = Batch { parts: members, faults: &no_faults };
                state.add_members(id, batch, &caller(), tx).unwrap();
            }
        });
        (store, ids)
    }

    fn errors<T>(outcomes: &[Outcome<T>]) -> Vec<Option<PartError>> {
        outcomes.iter().map(|outcome| outcome.as_ref().err().copied()).collect()
    }

    #[test]
    fn a_member_with_an_injected_fault_is_not_added() {
        let (store, [id, _]) = store();
        let faults = |_: usize, id: &str| (id == "IBMid-4").then_some(503);
        let items = ["IBMid-3", "IBMid-4"].map(user);

        let outcomes = store.write(|state, tx| {
            state.add_members(&id, Batch { parts: &items, faults: &faults }, &caller(), tx).unwrap()
        });

        assert_eq!(errors(&outcomes), [None, Some(PartError::Fault(503))]);
        store.read(|state| {
            assert!(state.membership(&id, "IBMid-3").is_ok());
            assert!(state.membership(&id, "IBMid-4").is_err());
        });
    }

    #[test]
    fn a_member_is_not_added_to_a_group_with_an_injected_fault() {
        let (store, ids) = store();
        let faults = |index: usize, _: &str| (index == 1).then_some(404);

        let outcomes = store.write(|state, tx| {
            let stamp = state.stamp(&caller(), tx);
            state.add_to_groups(ACCOUNT, &user("IBMid-3"), Batch { parts: &ids, faults: &faults }, &stamp)
        });

        assert_eq!(errors(&outcomes), [None, Some(PartError::Refused(&item::GROUP_NOT_IN_ACCOUNT))]);
        store.read(|state| {
            assert!(state.membership(&ids[0], "IBMid-3").is_ok());
            assert!(state.membership(&ids[1], "IBMid-3").is_err());
        });
    }

    #[test]
    fn a_member_with_an_injected_fault_is_not_removed() {
        let (store, [id, _]) = store();
        let faults = |index: usize, _: &str| (index == 0).then_some(409);
        let items = ["IBMid-1", "IBMid-2"].map(str::to_owned);

        let outcomes = store
            .write(|state, _| state.remove_members(&id, Batch { parts: &items, faults: &faults }).unwrap());

        assert_eq!(errors(&outcomes), [Some(PartError::Refused(&item::MANAGED_REMOVE)), None]);
        store.read(|state| {
            assert!(state.membership(&id, "IBMid-1").is_ok());
            assert!(state.membership(&id, "IBMid-2").is_err());
        });
    }

    #[test]
    fn a_member_is_not_removed_from_a_group_with_an_injected_fault() {
        let (store, ids) = store();
        let faults = |_: usize, id: &str| (id == ids[1]).then_some(500);

        let removed = store.write(|state, _| state.remove_from_all(ACCOUNT, "IBMid-1", &faults).unwrap());

        let outcomes: Vec<Outcome<()>> = removed.into_iter().map(|(_, outcome)| outcome).collect();
        assert_eq!(errors(&outcomes), [None, Some(PartError::Fault(500))]);
        store.read(|state| {
            assert!(state.membership(&ids[0], "IBMid-1").is_err());
            assert!(state.membership(&ids[1], "IBMid-1").is_ok());
        });
    }
}
