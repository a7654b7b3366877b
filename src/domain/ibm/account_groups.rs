//! The accounts of account groups, to which templates can be assigned.
//!
//! They are not a part of the emulated API: the seed and the admin API set them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::records::assignment::{Assignment, TargetType};
use super::records::caller::Caller;
use super::records::interned::InternedStr;
use super::state::IbmState;
use crate::store::Tx;

/// The maximum number of accounts of an account group: one request can change the groups of a template in all of them, in
/// one write.
pub const MAX_ACCOUNTS: usize = 500;

/// Returns the different accounts of a list for an account group.
///
/// # Errors
/// Too many accounts, an empty id, or an account that is listed twice.
pub fn check_accounts<S: AsRef<str>>(accounts: &[S]) -> Result<BTreeSet<String>, String> {
    if accounts.len() > MAX_ACCOUNTS {
        return Err(format!("must be a list of at most {MAX_ACCOUNTS} account ids"));
    }
    let unique: BTreeSet<String> = accounts.iter().map(|account| account.as_ref().to_owned()).collect();
    if unique.len() < accounts.len() || unique.contains("") {
        return Err("must be a list of different account ids".to_owned());
    }
    Ok(unique)
}

impl IbmState {
    /// Returns the accounts of an account group, sorted; `None` if it was never set.
    pub fn account_group(&self, id: &str) -> Option<Arc<[InternedStr]>> {
        self.account_groups.get(id).cloned()
    }

    /// Returns all account groups with their accounts, sorted by id.
    pub fn account_groups(&self) -> impl Iterator<Item = (&str, &[InternedStr])> {
        self.account_groups.iter().map(|(id, accounts)| (&**id, &**accounts))
    }

    /// Sets the accounts of an account group, before there are assignments to it.
    pub fn insert_account_group(&mut self, id: &str, accounts: &BTreeSet<String>) {
        let accounts = accounts.iter().map(|account| self.intern_account(account)).collect();
        self.account_groups.insert(id.into(), accounts);
    }

    /// Sets the accounts of an account group; `None` deletes it. Assignments to it are applied in the new accounts, and
    /// their groups in the other accounts are deleted.
    pub fn set_account_group(
        &mut self,
        id: &str,
        accounts: Option<&BTreeSet<String>>,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) {
        match accounts {
            Some(accounts) => self.insert_account_group(id, accounts),
            None => self.account_groups.remove(id),
        }
        let stamp = self.audit_stamp(caller, tx);
        let is_to_group = |it: &&Assignment| it.target_type == TargetType::AccountGroup && *it.target == *id;
        let assignments: Vec<Assignment> = self.assignments.iter().filter(is_to_group).cloned().collect();
        for assignment in assignments {
            let accounts = self.target_accounts(&assignment);
            let targets = self.targets(&assignment.id);
            let added = accounts.iter().filter(|it| !targets.iter().any(|target| target.account == **it));
            for account in added {
                self.add_target(&assignment.id, account, &stamp, tx);
            }
            for target in targets.iter().filter(|target| !accounts.contains(&target.account)) {
                self.delete_target(target.clone(), &stamp, tx);
                self.mark_assignment_changed(&assignment.id, &stamp, tx);
            }
        }
    }
}
