//! arboard, which serves a value on the clipboard for as long as it lives, and leaves no copy of it behind.

use arboard::{Clipboard, Error};

/// Serves until it is dropped.
pub(super) struct Serving(Clipboard);

impl Serving {
    pub(super) fn start() -> Result<Self, Error> {
        Clipboard::new().map(Self)
    }

    pub(super) fn arboard(&mut self) -> &mut Clipboard {
        &mut self.0
    }
}

impl Drop for Serving {
    /// arboard keeps one connection for the process, with the value in it, and lets both go when it counts three owners
    /// as one of them is dropped: this one, the process's and its thread's. The thread ends when the display is lost;
    /// then two are never three, the value would stay for ever, and every later copy would go to the lost display. A
    /// fourth for a moment, or a third in the thread's place, makes it come out right in both cases.
    fn drop(&mut self) {
        drop(Clipboard::new());
    }
}
