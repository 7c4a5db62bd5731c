//! What an earlier run of the app left unfinished, as the UI sees it.

use nms_api::Token;
use serde::Serialize;
use ts_rs::TS;

use super::SetAside;

/// What an earlier run, or a failure of this one, left unfinished.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct UnfinishedView {
    /// Tokens whose value was not handed over, as far as is known. The person decides.
    pub tokens: Vec<UnfinishedToken>,
    /// Tokens whose predecessors were deleted by this look, as was asked for before: their values were handed over.
    pub ended: Vec<Token>,
    /// The journal itself could not be read at the start.
    pub set_aside: Option<SetAside>,
}

/// A token whose value was not handed over, as far as is known.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct UnfinishedToken {
    /// The record.
    pub token: Token,
    /// Its value had come to the app, and may have been copied right before the app ended.
    pub may_be_held: bool,
}
