//! Calls as a script makes them: curl, with the token where curl keeps it out of the list of processes.

use serde_json::Value;

use crate::desktop::Desktop;

/// What a server said.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The slug of the problem that it tells of.
    #[track_caller]
    pub fn problem(&self) -> String {
        let json = self.json();
        let kind = json["type"].as_str().unwrap_or_default();
        kind.rsplit(['/', ':', '#']).next().unwrap_or_default().to_owned()
    }
}

impl Desktop {
    /// Calls with a credential; `body` makes it a POST of JSON.
    #[track_caller]
    pub fn curl(&self, url: &str, credential: &str, body: Option<&str>) -> Answer {
        match body {
            Some(body) => {
                self.curl_with(&["--header", "Content-Type: application/json", "--data", body], url, credential)
            }
            None => self.curl_with(&[], url, credential),
        }
    }

    /// Calls from another address of this machine.
    #[track_caller]
    pub fn curl_from(&self, address: &str, url: &str, credential: &str) -> Answer {
        self.curl_with(&["--interface", address], url, credential)
    }

    #[track_caller]
    fn curl_with(&self, more: &[&str], url: &str, credential: &str) -> Answer {
        let mut arguments =
            vec!["--silent", "--show-error", "--max-time", "8", "--header", "@-", "--write-out", "\n%{http_code}"];
        arguments.extend(more);
        arguments.push(url);
        let header = format!("Authorization: Bearer {credential}\n");
        let Some(said) = self.run("curl", &arguments, Some(header.as_bytes())) else { panic!("curl hangs on {url}") };
        let text = said.succeeded().text();
        let Some((body, status)) = text.rsplit_once('\n') else { panic!("curl says {text:?}") };
        Answer { status: status.parse().unwrap_or_else(|_| panic!("no status: {status:?}")), body: body.to_owned() }
    }
}
