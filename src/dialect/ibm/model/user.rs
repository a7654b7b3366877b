//! Users of accounts: seeded, or mentioned as a member of a group.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use super::super::error;
use super::group_list::Page;
use super::identity::{Identity, joined};
use super::{Interned, Moment, State};
use crate::failure::Refusal;
use crate::store::{Direction, Key, Record, View, Window, derived_hex};

/// The realm of users of whom the seed says nothing else.
const REALM: &str = "IBMid";

/// A user of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// The account.
    pub account: Interned,
    /// Who it is, with name and e-mail.
    pub identity: Arc<Identity>,
    /// When it came into the account.
    pub added: Moment,
    /// What the seed says of it besides.
    pub profile: Option<Box<Profile>>,
}

/// What the seed says of a user; the rest is derived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The id of the user in the account.
    pub id: Option<Box<str>>,
    /// The realm of the IAM id.
    pub realm: Option<Box<str>>,
    /// What the user logs in with.
    pub user_id: Option<Box<str>>,
    /// The first name.
    pub firstname: Option<Box<str>>,
    /// The last name.
    pub lastname: Option<Box<str>>,
    /// The state, such as `ACTIVE`.
    pub state: Option<Box<str>>,
    /// A telephone number.
    pub phonenumber: Option<Box<str>>,
    /// Another one.
    pub altphonenumber: Option<Box<str>>,
    /// A link to a picture.
    pub photo: Option<Box<str>>,
}

/// What is asked for of the users of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserQuery {
    /// Only the users who log in with this.
    pub user_id: Option<String>,
    /// The page.
    pub window: Window,
}

impl Record for User {
    const VIEWS: &'static [View<Self>] = &[View {
        partition: |user| (&user.account, ""),
        orders: &[|left, right| left.login().cmp(right.login())],
    }];

    fn key(&self) -> Key<'_> {
        (&self.account, &self.identity.iam_id)
    }
}

impl User {
    /// The view of the users of one account.
    pub const OF_ACCOUNT: usize = 0;

    /// The order by what the users log in with.
    const BY_LOGIN: usize = 0;

    /// Returns the id of the user in the account: 32 hexadecimal digits.
    pub fn id(&self) -> Cow<'_, str> {
        let derived = || derived_hex(&format!("{}/{}", self.account, self.identity.iam_id)).into();
        self.said(|profile| profile.id.as_deref()).map_or_else(derived, Cow::Borrowed)
    }

    /// Returns the realm of the IAM id.
    pub fn realm(&self) -> &str {
        self.said(|profile| profile.realm.as_deref()).unwrap_or(REALM)
    }

    /// Returns what the user logs in with: the e-mail unless the seed says something else.
    pub fn user_id(&self) -> Cow<'_, str> {
        joined(self.login_parts())
    }

    /// What the user logs in with in two parts, so that an order needs no memory for a derived one.
    fn login_parts(&self) -> (&str, &str) {
        let said = self.said(|profile| profile.user_id.as_deref());
        said.map_or_else(|| self.identity.email(), |said| (said, ""))
    }

    fn login(&self) -> impl Iterator<Item = u8> {
        let (first, second) = self.login_parts();
        first.bytes().chain(second.bytes())
    }

    /// Returns the first name: that of the seed, or what stands before the first blank of the name.
    pub fn firstname(&self) -> Cow<'_, str> {
        let said = self.said(|profile| profile.firstname.as_deref());
        said.map_or_else(|| cut(&joined(self.identity.name())).0.to_owned().into(), Cow::Borrowed)
    }

    /// Returns the last name: that of the seed, or what stands after the first blank of the name.
    pub fn lastname(&self) -> Cow<'_, str> {
        let said = self.said(|profile| profile.lastname.as_deref());
        said.map_or_else(|| cut(&joined(self.identity.name())).1.to_owned().into(), Cow::Borrowed)
    }

    /// Returns the state.
    pub fn state(&self) -> &str {
        self.said(|profile| profile.state.as_deref()).unwrap_or("ACTIVE")
    }

    /// Returns the e-mail.
    pub fn email(&self) -> Cow<'_, str> {
        joined(self.identity.email())
    }

    /// Returns something that only the seed can say; empty when it does not.
    pub fn extra(&self, member: impl Fn(&Profile) -> Option<&str>) -> &str {
        self.said(member).unwrap_or_default()
    }

    fn said(&self, member: impl Fn(&Profile) -> Option<&str>) -> Option<&str> {
        member(self.profile.as_deref()?)
    }
}

/// A name cut at its first blank; a name without one is all first name.
fn cut(name: &str) -> (&str, &str) {
    name.split_once(' ').unwrap_or((name, ""))
}

impl State {
    /// Returns a user of an account.
    ///
    /// # Errors
    /// [`error::neighbors::USER_NOT_FOUND`].
    pub fn user(&self, account: &str, iam_id: &str) -> Result<&User, Refusal> {
        let user = self.users.get((account, iam_id));
        user.ok_or_else(|| error::neighbors::USER_NOT_FOUND.about(iam_id))
    }

    /// Returns one page of an account's users, in the order in which they came into it.
    pub fn list_users(&self, account: &str, query: &UserQuery) -> Page<&User> {
        let listing = self.users.list(User::OF_ACCOUNT, (account, ""));
        let Window { offset, limit } = query.window;
        let Some(user_id) = &query.user_id else {
            return Page { items: listing.from(offset).take(limit).collect(), total: listing.len() };
        };
        let start = listing.rank(User::BY_LOGIN, |user| user.login().cmp(user_id.bytes()));
        let end = listing.rank(User::BY_LOGIN, |user| user.login().cmp(user_id.bytes()).then(Ordering::Less));
        let total = end - start;
        let limit = limit.min(total.saturating_sub(offset));
        let part = Window { offset: start.saturating_add(offset), limit };
        Page { items: listing.page(User::BY_LOGIN, Direction::Ascending, part), total }
    }

    /// Adds a user that is mentioned in an account, unless the account has it.
    pub(super) fn mention_user(&mut self, account: &Interned, identity: &Arc<Identity>, at: Moment) {
        if !self.users.contains((account, &identity.iam_id)) {
            let (account, identity) = (account.clone(), Arc::clone(identity));
            let user = User { account, identity, added: at, profile: None };
            self.users.insert(user).expect("the account does not have the user");
        }
    }
}
