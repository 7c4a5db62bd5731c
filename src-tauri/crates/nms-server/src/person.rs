//! What the person at this computer is called: the account's full name, else its short one, else "You".

use nms_api::text;

/// Where Debian and its kin list the accounts.
const ACCOUNTS: &str = "/etc/passwd";

/// The name of the account under which this process runs. Performs I/O.
pub(crate) fn name_of_the_account() -> String {
    let accounts = std::fs::read(ACCOUNTS).unwrap_or_default();
    let listed = name_in(&String::from_utf8_lossy(&accounts), rustix::process::getuid().as_raw());
    listed.or_else(name_in_the_environment).unwrap_or_else(|| "You".to_owned())
}

/// Accounts of a directory service stand in no file; the login sets these.
fn name_in_the_environment() -> Option<String> {
    ["USER", "LOGNAME"].iter().filter_map(|variable| std::env::var(variable).ok()).find_map(|name| presentable(&name))
}

/// `name:password:uid:gid:gecos:home:shell`; the full name is the first of gecos' comma-separated parts.
fn name_in(accounts: &str, uid: u32) -> Option<String> {
    let account: Vec<&str> = accounts
        .lines()
        .map(|line| line.split(':').collect())
        .find(|account: &Vec<&str>| account.get(2).and_then(|text| text.parse().ok()) == Some(uid))?;
    let full = account.get(4).and_then(|gecos| gecos.split(',').next()).and_then(presentable);
    full.or_else(|| account.first().and_then(|name| presentable(name)))
}

/// As a token's name would be kept; `None` when nothing is left, or it could deceive.
fn presentable(name: &str) -> Option<String> {
    text::name(name).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_full_name_comes_before_the_short_one() {
        let accounts = "root:x:0:0:root:/root:/bin/bash\nada:x:1000:1000:Ada Lovelace,,,:/home/ada:/bin/sh\n\
                        bob:x:1001:1001:,,,:/home/bob:/bin/sh\nodd:x:1002\n";
        for (uid, name) in [(0, Some("root")), (1000, Some("Ada Lovelace")), (1001, Some("bob")), (7, None)] {
            assert_eq!(name_in(accounts, uid).as_deref(), name, "{uid}");
        }
        assert_eq!(name_in(accounts, 1002).as_deref(), Some("odd"));
    }
}
