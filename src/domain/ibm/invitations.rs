//! The invitation of users, and their settings.

use super::bulk::Batch;
use super::error;
use super::records::caller::Caller;
use super::records::group::PUBLIC_ACCESS;
use super::records::identity::IdentityDetails;
use super::records::member::{MemberKind, NewMember};
use super::records::user::{Profile, User, UserSettings};
use super::state::IbmState;
use super::users::UserQuery;
use crate::spec::ApiError;
use crate::store::{PageRange, Tx, stable_hex_id};

/// The state of a user who was invited and has not accepted.
const INVITED_STATE: &str = "PENDING";

/// The number of digits of the IAM id of an invited user.
const IAM_ID_DIGITS: usize = 10;

impl IbmState {
    /// Adds the users with the given e-mail addresses to an account, unless it has them, and to groups of the account.
    /// Returns their IAM ids.
    ///
    /// # Errors
    /// [`error::GROUP_NOT_FOUND`] and [`error::PUBLIC_ADD_MEMBERS`].
    pub fn invite_users(
        &mut self,
        account: &str,
        (emails, groups): (&[String], &[String]),
        caller: &Caller,
        tx: &Tx<'_>,
    ) -> Result<Vec<String>, ApiError> {
        for id in groups {
            if id == PUBLIC_ACCESS {
                return Err(error::PUBLIC_ADD_MEMBERS.with_subject(id));
            }
            let group = self.groups.get(("", id)).filter(|group| *group.key.account == *account);
            group.ok_or_else(|| error::GROUP_NOT_FOUND.with_subject(id))?;
        }
        let stamp = self.audit_stamp(caller, tx);
        let iam_ids = emails.iter().map(|email| {
            let iam_id = self.invite_user(account, email, tx);
            let member = NewMember { iam_id: iam_id.clone(), kind: MemberKind::User };
            self.add_to_groups(account, &member, Batch { items: groups, faults: &|_, _| None }, &stamp);
            iam_id
        });
        Ok(iam_ids.collect())
    }

    /// Adds a user to an account, unless it has one with this login name. Returns the IAM id.
    fn invite_user(&mut self, account: &str, email: &str, tx: &Tx<'_>) -> String {
        let query = UserQuery { user_id: Some(email.to_owned()), window: PageRange { offset: 0, limit: 1 } };
        if let Some(existing) = self.list_users(account, &query).items.first() {
            return existing.identity.iam_id.to_string();
        }
        let digits = stable_hex_id(&format!("ibm/user/{}", email.to_lowercase()));
        let iam_id = format!("IBMid-{}", digits[..IAM_ID_DIGITS].to_uppercase());
        if self.users.contains((account, &iam_id)) {
            return iam_id;
        }
        if !self.identities.contains_key(iam_id.as_str()) {
            let details = IdentityDetails { email: Some(email.into()), ..IdentityDetails::default() };
            self.replace_details(&iam_id, details);
        }
        let account = self.intern_account(account);
        let identity = self.resolve_identity(&account, &iam_id);
        let profile = Profile { state: Some(INVITED_STATE.into()), ..Profile::default() };
        let profile = Some(Box::new(profile));
        let user = User { account, identity, added_at: tx.now.into(), profile, settings: None };
        self.users.insert(user).expect("the account does not have the user");
        iam_id
    }

    /// Changes the settings of a user.
    ///
    /// # Errors
    /// As [`IbmState::user`].
    pub fn update_user_settings(
        &mut self,
        (account, iam_id): (&str, &str),
        change: impl FnOnce(&mut UserSettings),
    ) -> Result<(), ApiError> {
        let mut settings = self.user(account, iam_id)?.settings().clone();
        change(&mut settings);
        self.users.update((account, iam_id), |user| user.settings = Some(Box::new(settings)));
        Ok(())
    }
}
