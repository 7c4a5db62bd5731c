//! The program: hardens its environment, then opens the window.

use palpabl_nms_settings::{harden, run};
use zeroizing_alloc::ZeroAlloc;

/// Wipes every allocation when it is freed, so that no buffer through which a secret went (HTTP, clipboard) keeps it.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

fn main() -> std::process::ExitCode {
    harden::environment();
    // Here alone: tauri writes the page into one folder, without a lock, for whatever of a package has it, and the
    // library is compiled beside its own tests.
    run(tauri::generate_context!())
}
