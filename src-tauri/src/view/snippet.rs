//! Texts with which a token is put to use, as the UI sees them. No token is in any of them.

use nms_api::PermissionName;
use nms_client::snippets::{self, Form};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SnippetForm {
    /// A line for a shell.
    Curl,
    /// A script.
    Python,
    /// Variables for a service.
    Environment,
    /// A scrape configuration of Prometheus.
    Prometheus,
    /// A configuration of the OpenTelemetry Collector.
    Collector,
    /// A part of Telegraf's configuration.
    Telegraf,
    /// The manifest of a Secret of Kubernetes.
    Kubernetes,
}

/// How a text comes to the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SnippetToken {
    /// It reads the saved file.
    File,
    /// It asks for the value without echo.
    Asked,
    /// It reads a file; the path of one stands in for that.
    NoFile,
    /// It carries the value itself; a placeholder stands in for it.
    Carried,
}

/// A text with which a token is put to use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Snippet {
    /// What it is for.
    pub form: SnippetForm,
    /// The text.
    pub text: String,
    /// How it comes to the token.
    pub token: SnippetToken,
    /// What stands in the place of a path or a value.
    pub placeholder: Option<String>,
    /// The permission without which what it asks for is refused.
    pub needs: Option<PermissionName>,
}

/// Whose texts are wanted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct SnippetWanted {
    /// The secret in the vault, if it is still known there: the file in which it was saved is then named.
    #[ts(type = "number | null")]
    pub handle: Option<u64>,
    /// What the token is called.
    pub name: Option<String>,
}

impl Snippet {
    /// As the page shows it.
    pub(crate) fn of(form: Form, composed: snippets::Snippet) -> Self {
        let (token, placeholder) = match &composed {
            snippets::Snippet::ReadsFile(_) => (SnippetToken::File, None),
            snippets::Snippet::Asks(_) => (SnippetToken::Asked, None),
            snippets::Snippet::LacksFile(_) => (SnippetToken::NoFile, Some(snippets::FILE_PLACEHOLDER)),
            snippets::Snippet::Carries { .. } => (SnippetToken::Carried, Some(snippets::VALUE_PLACEHOLDER)),
        };
        Self {
            form: form.into(),
            text: composed.text(),
            token,
            placeholder: placeholder.map(str::to_owned),
            needs: form.needs().map(PermissionName::from),
        }
    }
}

impl From<Form> for SnippetForm {
    fn from(form: Form) -> Self {
        match form {
            Form::Curl => Self::Curl,
            Form::Python => Self::Python,
            Form::Environment => Self::Environment,
            Form::Prometheus => Self::Prometheus,
            Form::Collector => Self::Collector,
            Form::Telegraf => Self::Telegraf,
            Form::Kubernetes => Self::Kubernetes,
        }
    }
}

impl From<SnippetForm> for Form {
    fn from(form: SnippetForm) -> Self {
        match form {
            SnippetForm::Curl => Self::Curl,
            SnippetForm::Python => Self::Python,
            SnippetForm::Environment => Self::Environment,
            SnippetForm::Prometheus => Self::Prometheus,
            SnippetForm::Collector => Self::Collector,
            SnippetForm::Telegraf => Self::Telegraf,
            SnippetForm::Kubernetes => Self::Kubernetes,
        }
    }
}
