//! Texts with which a token is put to use: lines for a shell, a script, configurations of collectors.
//!
//! None of them holds a value. Those that can read it from a file name that file; curl asks for it where there is none;
//! the few whose form itself carries the value say where it belongs, and whoever holds it fills it in.

mod collectors;
mod curl;
mod quoting;

use std::path::Path;

use crate::{ServerAddress, address::BASE_PATH};

pub use curl::{curl_asking, curl_from_file};
pub use quoting::PathRefused;
use quoting::{double_quoted, label, path_text};

/// Where a value belongs that the text itself carries.
pub const VALUE_PLACEHOLDER: &str = "PUT_THE_TOKEN_HERE";
/// Stands for a file that is not there yet.
pub const FILE_PLACEHOLDER: &str = "/path/to/nms-token";
/// What the figures at `/metrics` need.
const METRICS_READ: &str = "metrics:read";

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A line for a shell.
    Curl,
    /// A script without any library.
    Python,
    /// Variables for a service, as systemd and Docker read them.
    Environment,
    /// A scrape configuration of Prometheus.
    Prometheus,
    /// A configuration of the OpenTelemetry Collector.
    Collector,
    /// A plugin's part of Telegraf's configuration.
    Telegraf,
    /// The manifest of a Secret of Kubernetes.
    Kubernetes,
}

impl Form {
    /// All of them, the quickest to try first.
    pub const ALL: [Self; 7] = [
        Self::Curl,
        Self::Python,
        Self::Environment,
        Self::Prometheus,
        Self::Collector,
        Self::Telegraf,
        Self::Kubernetes,
    ];

    /// The permission without which what it asks for is refused.
    pub fn needs(self) -> Option<&'static str> {
        match self {
            Self::Prometheus | Self::Collector | Self::Telegraf => Some(METRICS_READ),
            Self::Curl | Self::Python | Self::Environment | Self::Kubernetes => None,
        }
    }
}

/// A text, by how it comes to the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Snippet {
    /// It reads the file in which the token was saved.
    ReadsFile(String),
    /// It asks for the token when it runs.
    Asks(String),
    /// It reads a file: [`FILE_PLACEHOLDER`], in the place of one that is to be.
    LacksFile(String),
    /// It carries the token itself, between these two. A token is made of letters, digits and `-._~+/=` (RFC 6750,
    /// section 2.1), none of which means anything there.
    Carries {
        /// What stands before the token.
        before: String,
        /// What stands after it.
        after: String,
    },
}

impl Snippet {
    /// The text as it may be shown: no token is in it.
    pub fn text(self) -> String {
        match self {
            Self::ReadsFile(text) | Self::Asks(text) | Self::LacksFile(text) => text,
            Self::Carries { before, after } => format!("{before}{VALUE_PLACEHOLDER}{after}"),
        }
    }
}

/// The text for a token of this name at this server. A file that cannot be written down counts as none.
pub fn compose(form: Form, address: &ServerAddress, name: Option<&str>, saved: Option<&Path>) -> Snippet {
    let saved = saved.and_then(|path| path_text(path).ok());
    let reading = |text: &dyn Fn(&str) -> String| match saved {
        Some(file) => Snippet::ReadsFile(text(file)),
        None => Snippet::LacksFile(text(FILE_PLACEHOLDER)),
    };
    match form {
        Form::Curl => match saved {
            Some(file) => Snippet::ReadsFile(curl::reading(address, file)),
            None => Snippet::Asks(curl_asking(address)),
        },
        Form::Python => reading(&|file| python(address, file)),
        Form::Environment => environment(address),
        Form::Prometheus => reading(&|file| collectors::prometheus(address, name, file)),
        Form::Collector => reading(&|file| collectors::collector(address, name, file)),
        Form::Telegraf => reading(&|file| collectors::telegraf(address, file)),
        Form::Kubernetes => kubernetes(address, name),
    }
}

/// For Python 3.6 and newer. Where an answer redirects to, the token is not sent; of an address on this computer no
/// proxy shall learn.
fn python(address: &ServerAddress, file: &str) -> String {
    let proxies = if address.is_loopback() { "urllib.request.ProxyHandler({})" } else { "" };
    let (file, url) = (double_quoted(file), double_quoted(&format!("{address}{BASE_PATH}/token")));
    format!(
        "import json\nimport urllib.request\n\n\
         with open({file}, encoding=\"ascii\") as file:\n    token = file.read().strip()\n\n\
         request = urllib.request.Request({url})\n\
         request.add_unredirected_header(\"Authorization\", \"Bearer \" + token)\n\
         opener = urllib.request.build_opener({proxies})\n\
         with opener.open(request, timeout=10) as answer:\n    print(json.load(answer))\n"
    )
}

/// No quotes and no `export`: Docker would take both as they stand, and systemd needs neither.
fn environment(address: &ServerAddress) -> Snippet {
    Snippet::Carries { before: format!("PNMS_URL={address}\nPNMS_TOKEN="), after: "\n".into() }
}

/// <https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/>: what stands in
/// `stringData` is not to be encoded.
fn kubernetes(address: &ServerAddress, name: Option<&str>) -> Snippet {
    let (name, url) = (label(name), double_quoted(address.as_str()));
    Snippet::Carries {
        before: format!(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\ntype: Opaque\nstringData:\n  url: {url}\n  token: \""
        ),
        after: "\"\n".into(),
    }
}
