//! Testing a value that somebody holds. There is no field for it: it is read where it lies, and never reaches the page.

use tauri::{State, WebviewWindow};
use tracing::instrument;

use crate::app::App;
use crate::bounds::Bounded;
use crate::failure::{Failure, FailureKind, FileReadReason};
use crate::view::{OpenWords, TestSource, TokenTest};
use crate::{file_dialog, token_test};

/// Looks at the clipboard, or at a file that it asks for, and answers what was found and whose token it is.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn test_token(
    app: State<'_, App>,
    window: WebviewWindow,
    from: TestSource,
    words: OpenWords,
) -> Result<TokenTest, Failure> {
    let words = words.checked()?;
    let finding = match from {
        TestSource::Clipboard => token_test::of_clipboard(app.custody()).await?,
        TestSource::File => {
            let chosen = file_dialog::ask_which(&window, words).await.map_err(|_| no_dialog())?;
            let Some(path) = chosen else { return Ok(TokenTest::Dismissed) };
            token_test::of_file(app.custody(), &path).await?
        }
    };
    let whose = token_test::whose(app.servers().as_ref(), &finding).await;
    Ok(TokenTest::Tested { finding: finding.into(), whose })
}

fn no_dialog() -> Failure {
    FailureKind::FileNotRead { reason: FileReadReason::Other }.into()
}
