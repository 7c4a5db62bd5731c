//! Custody on real parts: each test has a display, a clipboard and a keyring of its own, and looks at the effects from
//! outside, as another program would.
//!
//! Modules are marked as for tests only, so that their helpers may unwrap as tests do.

#[cfg(test)]
mod clipboard;
#[cfg(test)]
mod desktop;
#[cfg(test)]
mod keyring;
#[cfg(test)]
mod keyring_token;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod vault;

/// The allocator of the app, so that what is left in memory here is what is left there.
#[global_allocator]
static WIPED: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);
