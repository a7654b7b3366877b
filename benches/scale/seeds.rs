//! Generates seed files with many groups.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use access_groups_mock::Seed;

/// The account of all groups.
pub(crate) const ACCOUNT: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f90";

/// The number of members of each group, and the number of groups of each member.
const MEMBERS: u32 = 5;
const GROUPS_PER_MEMBER: u32 = 25;

/// One group in this number of groups has a rule.
const FEDERATED: u32 = 1_000;

/// Scatters numbers, so that neither names nor lookups are in the order of creation.
pub(crate) const fn scattered(number: u32) -> u32 {
    number.wrapping_mul(2_654_435_761)
}

pub(crate) fn group_name(number: u32) -> String {
    format!("Group {:010}", scattered(number))
}

pub(crate) fn ibm_id(number: u32) -> String {
    format!("AccessGroupId-{:08x}-0000-4000-8000-{number:012}", scattered(number))
}

pub(crate) fn uuid(number: u32) -> String {
    format!("{:08x}-0000-4000-8000-{number:012}", scattered(number))
}

pub(crate) fn hex_id(number: u32) -> String {
    format!("{:016x}{number:016x}", scattered(number))
}

/// Returns the member with the index `at` of a group; each member is in 25 groups.
pub(crate) fn member_id(group: u32, at: u32, groups: u32) -> String {
    let members = groups * MEMBERS / GROUPS_PER_MEMBER;
    let number = u64::from(group) * 7_919 + u64::from(at * (members / MEMBERS));
    format!("IBMid-{:010}", number % u64::from(members))
}

/// Writes a seed with `count` groups of a dialect, five members each, to the file at `path`.
pub(crate) fn write(dialect: &str, count: u32, path: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let (open, close) = match dialect {
        "ibm" => (format!(r#"{{"ibm":{{"accounts":{{"{ACCOUNT}":{{"groups":["#), "]}}}}"),
        "cloudflare" => {
            (format!(r#"{{"cloudflare":{{"accounts":{{"{ACCOUNT}":{{"access_groups":["#), "]}}}}")
        }
        "authress" => (r#"{"authress":{"groups":["#.to_owned(), "]}}"),
        _ => (r#"{"legacy":{"access_groups":["#.to_owned(), "]}}"),
    };
    out.write_all(open.as_bytes())?;
    for number in 0..count {
        let group = match dialect {
            "ibm" => ibm(number, count),
            "cloudflare" if number == count - 1 => cloudflare(number) + &resource_groups(count),
            "cloudflare" => cloudflare(number),
            "authress" => authress(number, count),
            _ => legacy(number, count),
        };
        write!(out, "{}{group}", if number == 0 { "" } else { "," })?;
    }
    out.write_all(close.as_bytes())?;
    out.flush()
}

/// Reads a seed from a file like the server at its start.
pub(crate) fn read(path: &Path) -> Seed {
    Seed::read_file(path).expect("the file was written").expect("the seed is valid")
}

fn ibm(number: u32, count: u32) -> String {
    let members = (0..MEMBERS).map(|at| {
        let kind = ["user", "user", "user", "user", "profile"][at as usize];
        format!(r#"{{"iam_id":"{}","type":"{kind}"}}"#, member_id(number, at, count))
    });
    let members: Vec<String> = members.collect();
    let rule = r#""rules":[{"name":"r","expiration":1,"realm_name":"r","conditions":[{"claim":"c","operator":"EQUALS","value":"\"v\""}]}],"#;
    format!(
        r#"{{"id":"{}","name":"{}","description":"The purpose of the group {} of this bench, in a sentence",{}"members":[{}]}}"#,
        ibm_id(number),
        group_name(number),
        scattered(number ^ 0x5555),
        if number % FEDERATED == 7 { rule } else { "" },
        members.join(",")
    )
}

fn cloudflare(number: u32) -> String {
    let rules = (0..MEMBERS).map(|at| format!(r#"{{"email":{{"email":"user-{at}-{number}@example.com"}}}}"#));
    let rules: Vec<String> = rules.collect();
    format!(r#"{{"id":"{}","name":"{}","include":[{}]}}"#, uuid(number), group_name(number), rules.join(","))
}

/// Returns the end of the list of Access groups, followed by a list of `count` resource groups.
fn resource_groups(count: u32) -> String {
    let groups = (0..count).map(|number| {
        format!(
            r#"{{"id":"{}","name":"{}","scope":{{"key":"com.cloudflare.api.account.{ACCOUNT}","objects":[{{"key":"*"}}]}}}}"#,
            hex_id(number),
            group_name(number)
        )
    });
    format!(r#"],"resource_groups":[{}"#, groups.collect::<Vec<_>>().join(","))
}

fn authress(number: u32, count: u32) -> String {
    let users = (0..MEMBERS).map(|at| format!(r#"{{"userId":"{}"}}"#, member_id(number, at, count)));
    let users: Vec<String> = users.collect();
    format!(
        r#"{{"groupId":"grp_{number}","name":"{}","users":[{}],"admins":[{{"userId":"carl"}}]}}"#,
        group_name(number),
        users.join(",")
    )
}

fn legacy(number: u32, count: u32) -> String {
    let customers =
        (0..MEMBERS).map(|at| format!(r#"{{"email":"{}@example.com"}}"#, member_id(number, at, count)));
    let customers: Vec<String> = customers.collect();
    format!(
        r#"{{"id":{},"name":"{}","valid":1,"company_id":12,"customers":[{}],"domains":["example.com"]}}"#,
        number + 1,
        group_name(number),
        customers.join(",")
    )
}
