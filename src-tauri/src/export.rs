//! The whole list in a file of the person's choice: all pages are asked for first, then the file is written, so that
//! there is never half of one. No secret exists that could be in it.
//!
//! Not here: the forms themselves (one module each), and where to (the dialog's question).

mod calendar;
mod json;
mod table;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use nms_api::{Token, TokenQuery, limits};
use nms_client::TokenPage;
use tauri::AppHandle;

use crate::app::{App, tell};
use crate::failure::{Failure, FailureKind, FileReason};
use crate::view::{ExportFormat, ExportOutcome, ExportProgress};
use crate::whole_file::{self, Readers};

/// Pages of the largest size. No list that a person could use is longer.
const MAX_PAGES: usize = 200;

/// Reads every page, unless the person stops it, and writes the file. The page is told how far it is.
pub(crate) async fn run(
    app: &App,
    events: &AppHandle,
    path: PathBuf,
    format: ExportFormat,
    query: TokenQuery,
) -> Result<ExportOutcome, Failure> {
    let fetch = |query: TokenQuery| {
        let servers = Arc::clone(app.servers());
        async move { servers.list(&query).await }
    };
    let reading = collect(query, fetch, |progress| tell(events, "export_progress", progress));
    let tokens = tokio::select! {
        tokens = reading => tokens?,
        () = app.export_stopped() => return Ok(ExportOutcome::Cancelled),
    };
    let server = app.servers().connected().await?.address().as_str().to_owned();
    let tokens = Export { format, tokens, server, at: Utc::now() }.write(path.clone()).await?;
    Ok(ExportOutcome::Saved { path: path.display().to_string(), tokens })
}

/// Every token that the query lists, page by page. `progress` is told after each.
async fn collect<F>(
    mut query: TokenQuery,
    mut fetch: impl FnMut(TokenQuery) -> F,
    mut progress: impl FnMut(ExportProgress),
) -> Result<Vec<Token>, Failure>
where
    F: Future<Output = Result<TokenPage, Failure>>,
{
    query.limit = Some(limits::MAX_PAGE);
    query.cursor = None;
    let (mut tokens, mut known) = (Vec::new(), HashSet::new());
    for _ in 0..MAX_PAGES {
        let TokenPage { list, next } = fetch(query.clone()).await?;
        // A token that was used meanwhile may have moved to a later page: it is listed once.
        tokens.extend(list.tokens.into_iter().filter(|token| known.insert(token.id)));
        progress(ExportProgress { read: count(tokens.len()), all: list.counts.all });
        if next.is_none() {
            return Ok(tokens);
        }
        query.cursor = next;
    }
    Err(FailureKind::AnswerTooLarge.into())
}

/// An export that is ready to be written.
struct Export {
    format: ExportFormat,
    tokens: Vec<Token>,
    /// Scheme, host and port of the server that listed them.
    server: String,
    at: DateTime<Utc>,
}

impl Export {
    /// Writes the file; answers how many tokens are in it. Performs I/O, on a thread that may wait.
    ///
    /// # Errors
    /// [`FailureKind::ExportNotSaved`]; an older file is then untouched.
    async fn write(self, path: PathBuf) -> Result<u32, Failure> {
        let tokens = count(self.tokens.len());
        let written = tauri::async_runtime::spawn_blocking(move || self.write_now(&path)).await;
        match written.unwrap_or(Err(FileReason::Other)) {
            Ok(()) => Ok(tokens),
            Err(reason) => Err(FailureKind::ExportNotSaved { reason }.into()),
        }
    }

    fn write_now(&self, path: &Path) -> Result<(), FileReason> {
        Ok(whole_file::write(path, &self.bytes()?, Readers::AsUsual)?)
    }

    fn bytes(&self) -> std::io::Result<Vec<u8>> {
        match &self.format {
            ExportFormat::Csv { columns } => table::bytes(columns, &self.tokens),
            ExportFormat::Json => json::bytes(&self.tokens, &self.server, self.at),
            ExportFormat::Ics { calendar } => Ok(calendar::text(calendar, &self.tokens, &self.server, self.at).into()),
        }
    }
}

fn count(tokens: usize) -> u32 {
    u32::try_from(tokens).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
