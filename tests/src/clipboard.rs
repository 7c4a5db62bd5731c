//! The clipboard as any other program sees and changes it.

use std::process::Stdio;

use crate::desktop::Desktop;
use crate::process::Daemon;

impl Desktop {
    /// What another program reads from the clipboard; `None` when it is empty or nobody answers.
    #[track_caller]
    pub fn clipboard(&self) -> Option<String> {
        self.selection("clipboard", "UTF8_STRING")
    }

    /// What another program gets from the selection that a middle click pastes.
    #[track_caller]
    pub fn primary(&self) -> Option<String> {
        self.selection("primary", "UTF8_STRING")
    }

    /// The forms in which the clipboard is offered.
    #[track_caller]
    pub fn clipboard_targets(&self) -> Vec<String> {
        self.selection("clipboard", "TARGETS").map(|all| all.lines().map(str::to_owned).collect()).unwrap_or_default()
    }

    /// The clipboard in one form.
    #[track_caller]
    pub fn clipboard_as(&self, target: &str) -> Option<String> {
        self.selection("clipboard", target)
    }

    #[track_caller]
    fn selection(&self, selection: &str, target: &str) -> Option<String> {
        if self.is_on_wayland() {
            return self.wayland_clipboard(target);
        }
        let said = self.run("xclip", &["-selection", selection, "-o", "-target", target], None)?;
        (said.status == 0 && !said.out.is_empty()).then(|| said.text())
    }

    /// Another program copies something, and holds it until it is dropped.
    #[track_caller]
    pub fn copy_as_somebody_else(&self, text: &str) -> Daemon {
        let file = self.folder().join("somebody-elses-text");
        std::fs::write(&file, text).unwrap_or_else(|error| panic!("{error}"));
        let mut command = self.command("xclip");
        // In the foreground, so that it can be ended by its id.
        command.args(["-selection", "clipboard", "-quiet", "-in"]).arg(&file);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let holder = Daemon::start(&mut command);
        crate::patience::until_true("somebody else's copy", || self.clipboard().as_deref() == Some(text));
        holder
    }
}
