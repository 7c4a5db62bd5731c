//! A value that somebody holds, looked at by custody: on the clipboard or in a file. The NMS says whose it is, by its hash
//! alone. To the page go findings only: neither the value nor its hash.

use std::path::Path;

use nms_custody::inspect::{Around, Cut, Finding, Form, Header};
use nms_custody::{Custody, Error, NotRead};

use crate::asking::{Nms, ask};
use crate::failure::{ClipboardReadReason, Failure, FailureKind, FileReadReason};
use crate::view::{Finding as FindingView, FindingAround, FindingForm, FindingHeader, Whose};

/// What the clipboard holds.
pub(crate) async fn of_clipboard(custody: &Custody) -> Result<Finding, Failure> {
    custody.inspect_clipboard().await.map_err(not_read)
}

/// What a file holds.
pub(crate) async fn of_file(custody: &Custody, path: &Path) -> Result<Finding, Failure> {
    Ok(custody.inspect_file(path).await?)
}

/// Whose token it is, as the NMS knows it.
pub(crate) async fn whose(nms: &impl Nms, finding: &Finding) -> Whose {
    let Some(sha256) = finding.sha256() else { return Whose::NotAsked };
    match ask(nms, |client| async move { client.identify(sha256).await }).await {
        Ok(Some(token)) => Whose::Mine { token: Box::new(token) },
        Ok(None) => Whose::NotMine,
        Err(failure) => Whose::Unknown { failure },
    }
}

/// A clipboard that cannot be read is another trouble than one that takes nothing.
fn not_read(error: Error) -> Failure {
    let reason = match error {
        Error::NoClipboard | Error::ClipboardNeedsFocus => ClipboardReadReason::NotReachable,
        Error::ClipboardTimedOut => ClipboardReadReason::TimedOut,
        Error::ClipboardRefused | Error::ClipboardDiffers | Error::ClipboardHoldsSecret => ClipboardReadReason::Refused,
        other => return other.into(),
    };
    FailureKind::ClipboardNotRead { reason }.into()
}

impl From<NotRead> for FileReadReason {
    fn from(why: NotRead) -> Self {
        match why {
            NotRead::NotFound => Self::NotFound,
            NotRead::NotAllowed => Self::NotAllowed,
            NotRead::NotAFile => Self::NotAFile,
            NotRead::TimedOut => Self::TimedOut,
            NotRead::Other => Self::Other,
        }
    }
}

impl From<Finding> for FindingView {
    fn from(finding: Finding) -> Self {
        Self { form: finding.form.into(), around: finding.around.into(), masked: finding.masked }
    }
}

impl From<Form> for FindingForm {
    fn from(form: Form) -> Self {
        match form {
            Form::Empty => Self::Empty,
            Form::TooMuch => Self::TooMuch,
            Form::NotText => Self::NotText,
            Form::NotAToken => Self::NotAToken,
            Form::HeaderAlone => Self::HeaderAlone,
            Form::Placeholder => Self::Placeholder,
            Form::Masked => Self::Masked,
            Form::Token => Self::Token,
            Form::Mistyped => Self::Mistyped,
            Form::Broken => Self::Broken,
            Form::CutOff { missing_at, length, missing } => {
                Self::CutOff { at_start: missing_at == Cut::Start, length: number(length), missing: number(missing) }
            }
            Form::TooLong { surplus } => Self::TooLong { surplus: number(surplus) },
            Form::ForeignCharacter => Self::ForeignCharacter,
            Form::Several { count } => Self::Several { count: number(count) },
        }
    }
}

/// No text that is looked at has as many characters.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl From<Around> for FindingAround {
    fn from(around: Around) -> Self {
        let Around { header, blanks, line_breaks, invisible, quotes, other_text } = around;
        Self { header: header.into(), blanks, line_breaks, invisible, quotes, other_text }
    }
}

impl From<Header> for FindingHeader {
    fn from(header: Header) -> Self {
        match header {
            Header::None => Self::None,
            Header::Bearer => Self::Bearer,
            Header::BearerTwice => Self::BearerTwice,
            Header::BearerJoined => Self::BearerJoined,
            Header::BearerApart => Self::BearerApart,
            Header::WithoutScheme => Self::WithoutScheme,
            Header::OtherScheme => Self::OtherScheme,
            Header::Malformed => Self::Malformed,
        }
    }
}

#[cfg(test)]
mod tests {
    use nms_api::Secret;
    use nms_custody::inspect::inspect;

    use super::*;

    const VALUE: &str = "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV";

    #[test]
    fn the_page_gets_the_finding_and_neither_the_value_nor_its_hash() {
        let finding = inspect(&format!("Authorization: {VALUE}\n"));
        assert_eq!(finding.sha256(), Some(Secret::new(VALUE.to_owned()).sha256()));
        let json = serde_json::to_value(FindingView::from(finding)).unwrap();
        let around = serde_json::json!({
            "header": "without_scheme", "blanks": false, "line_breaks": true, "invisible": false, "quotes": false,
            "other_text": false,
        });
        let expected =
            serde_json::json!({"form": {"is": "token"}, "masked": "pnms_pat_EXAMPLE1…HpXV", "around": around});
        assert_eq!(json, expected);
    }

    #[test]
    fn what_is_missing_is_told_in_numbers() {
        let json = |text: &str| serde_json::to_value(FindingView::from(inspect(text)).form).unwrap();
        assert_eq!(
            json(&VALUE[..50]),
            serde_json::json!({"is": "cut_off", "at_start": false, "length": 50, "missing": 5})
        );
        assert_eq!(
            json(&VALUE[3..]),
            serde_json::json!({"is": "cut_off", "at_start": true, "length": 52, "missing": 3})
        );
    }

    #[test]
    fn a_clipboard_that_cannot_be_read_is_not_called_one_that_takes_nothing() {
        for (error, reason) in [
            (Error::NoClipboard, ClipboardReadReason::NotReachable),
            (Error::ClipboardNeedsFocus, ClipboardReadReason::NotReachable),
            (Error::ClipboardTimedOut, ClipboardReadReason::TimedOut),
            (Error::ClipboardRefused, ClipboardReadReason::Refused),
        ] {
            assert_eq!(not_read(error).what, FailureKind::ClipboardNotRead { reason });
        }
    }
}
