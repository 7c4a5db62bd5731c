//! Everything that changes, under one lock: the vault, what of ours is on the clipboard, and the count of changes.

use std::time::Duration;

use crate::clipboard::{End, PutId};
use crate::vault::{Handle, Vault, left_ms};
use crate::view::{ClipboardView, VaultView};
use crate::{Error, Settings};

#[derive(Default)]
pub(crate) struct State {
    pub(crate) vault: Vault,
    pub(crate) clipboard: OnClipboard,
    pub(crate) settings: Settings,
    revision: u64,
    last_number: u32,
}

/// What has become of the last value that went to the clipboard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum OnClipboard {
    #[default]
    Untouched,
    /// Ours; to be emptied at `until`, or never.
    Ours {
        handle: Handle,
        id: PutId,
        until: Option<Duration>,
    },
    Emptying {
        handle: Handle,
        id: PutId,
    },
    /// Nothing more can be done before the window has the focus.
    AwaitsFocus {
        handle: Handle,
        id: PutId,
    },
    Ended {
        handle: Handle,
        end: End,
    },
}

impl State {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// Numbers handles and puts: never the same twice.
    pub(crate) fn next_number(&mut self) -> u32 {
        self.last_number += 1;
        self.last_number
    }

    pub(crate) fn changed(&mut self) {
        self.revision += 1;
    }

    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    /// The value is on the clipboard from now on.
    pub(crate) fn put_on_clipboard(&mut self, handle: Handle, id: PutId, now: Duration) {
        let delay = self.settings.clipboard_delay;
        let until = (!delay.is_zero()).then(|| now + delay);
        self.clipboard = OnClipboard::Ours { handle, id, until };
    }

    /// A try that failed took off whatever of ours was there before, since only one value can be served.
    pub(crate) fn put_failed(&mut self) {
        if let OnClipboard::Ours { id, .. } | OnClipboard::AwaitsFocus { id, .. } = self.clipboard {
            self.clipboard_ended(id, End::Emptied);
        }
    }

    /// Which put has to be taken off by now. The caller sees to it.
    pub(crate) fn begin_emptying_if_due(&mut self, now: Duration) -> Option<PutId> {
        let OnClipboard::Ours { until: Some(until), .. } = self.clipboard else { return None };
        if until <= now { self.begin_emptying() } else { None }
    }

    /// Which put is to be taken off now, if there is one. The caller sees to it.
    pub(crate) fn begin_emptying(&mut self) -> Option<PutId> {
        let (OnClipboard::Ours { handle, id, .. }
        | OnClipboard::Emptying { handle, id }
        | OnClipboard::AwaitsFocus { handle, id }) = self.clipboard
        else {
            return None;
        };
        self.clipboard = OnClipboard::Emptying { handle, id };
        self.changed();
        Some(id)
    }

    /// Whether this put is on the clipboard, and nobody is taking it off.
    pub(crate) fn is_ours(&self, put: PutId) -> bool {
        matches!(self.clipboard, OnClipboard::Ours { id, .. } | OnClipboard::AwaitsFocus { id, .. } if id == put)
    }

    /// The stay of this put ended so.
    pub(crate) fn clipboard_ended(&mut self, put: PutId, end: End) {
        if let OnClipboard::Ours { handle, id, .. }
        | OnClipboard::Emptying { handle, id }
        | OnClipboard::AwaitsFocus { handle, id } = self.clipboard
            && id == put
        {
            self.clipboard = match end {
                End::AwaitsFocus => OnClipboard::AwaitsFocus { handle, id },
                end => OnClipboard::Ended { handle, end },
            };
            self.vault.left_the_clipboard(handle);
        }
    }

    pub(crate) fn clipboard_pending(&self) -> bool {
        matches!(
            self.clipboard,
            OnClipboard::Ours { .. } | OnClipboard::Emptying { .. } | OnClipboard::AwaitsFocus { .. }
        )
    }

    pub(crate) fn due_at(&self) -> Option<Duration> {
        let clipboard = match self.clipboard {
            OnClipboard::Ours { until, .. } => until,
            OnClipboard::Untouched
            | OnClipboard::Emptying { .. }
            | OnClipboard::AwaitsFocus { .. }
            | OnClipboard::Ended { .. } => None,
        };
        self.vault.due_at().into_iter().chain(clipboard).min()
    }

    pub(crate) fn view(&self, now: Duration) -> VaultView {
        let clipboard = match self.clipboard {
            OnClipboard::Untouched => ClipboardView::Untouched,
            OnClipboard::Ours { handle, until, .. } => {
                ClipboardView::Ours { handle, left_ms: until.map(|until| left_ms(until, now)) }
            }
            OnClipboard::Emptying { handle, .. } => ClipboardView::Emptying { handle },
            OnClipboard::AwaitsFocus { handle, .. } | OnClipboard::Ended { handle, end: End::AwaitsFocus } => {
                ClipboardView::AwaitsFocus { handle }
            }
            OnClipboard::Ended { handle, end: End::Emptied } => ClipboardView::Emptied { handle },
            OnClipboard::Ended { handle, end: End::TakenOver } => ClipboardView::TakenOver { handle },
            OnClipboard::Ended { handle, end: End::KeptByOthers } => ClipboardView::KeptByOthers { handle },
            OnClipboard::Ended { handle, end: End::Unknown } => ClipboardView::Unknown { handle },
        };
        VaultView { revision: self.revision, vault: self.vault.view(now), clipboard }
    }

    /// Takes a secret in.
    pub(crate) fn keep(&mut self, secret: nms_api::Secret, now: Duration) -> Result<Handle, Error> {
        let number = self.next_number();
        let until = now + self.settings.vault_life;
        self.vault.keep(number, secret, until)
    }
}
