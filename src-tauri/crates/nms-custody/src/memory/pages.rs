//! Whole pages from the kernel: the only unsafe code of the house.
#![expect(unsafe_code, reason = "memory that is mapped, locked and unmapped by hand has no safe form")]

use std::io;
use std::ptr::{self, NonNull};

use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mlock, mmap_anonymous, munmap};
use zeroize::Zeroize;

/// A private mapping that holds `len` bytes of a secret and nothing else, so that locking and wiping concerns nobody
/// else's memory.
pub(super) struct Pages {
    start: NonNull<u8>,
    mapped: usize,
    len: usize,
}

// SAFETY: the mapping belongs to this value alone and is reached through it only, so it may go to another thread.
unsafe impl Send for Pages {}
// SAFETY: shared references only read.
unsafe impl Sync for Pages {}

impl Pages {
    /// Maps, locks and fills. A lock that is refused (`RLIMIT_MEMLOCK`) is logged, not fatal: a secret in memory that
    /// might be swapped is better than one that is lost.
    pub(super) fn holding(bytes: &[u8]) -> io::Result<Self> {
        let mapped = bytes.len().max(1).next_multiple_of(rustix::param::page_size());
        // SAFETY: a new private mapping at an address that the kernel chooses aliases nothing.
        let start =
            unsafe { mmap_anonymous(ptr::null_mut(), mapped, ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE) }?;
        let Some(start) = NonNull::new(start.cast::<u8>()) else { return Err(io::ErrorKind::OutOfMemory.into()) };
        // SAFETY: exactly the mapping made above; both calls leave its content alone.
        let guarded = unsafe {
            mlock(start.as_ptr().cast(), mapped)
                .and_then(|()| madvise(start.as_ptr().cast(), mapped, Advice::LinuxDontDump))
        };
        if let Err(error) = guarded {
            tracing::warn!(%error, "the secret's pages could not be locked against swapping");
        }
        // SAFETY: `mapped` is at least `bytes.len()`, and a mapping made a moment ago overlaps no slice.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), start.as_ptr(), bytes.len()) };
        Ok(Self { start, mapped, len: bytes.len() })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        // SAFETY: the first `len` bytes were written in `holding`, and the mapping lives as long as `self`.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        // SAFETY: the whole mapping is readable, writable and ours, and nobody else holds a reference any more.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr(), self.mapped) }.zeroize();
        // SAFETY: unmaps what `holding` mapped, once; unmapping also unlocks.
        if let Err(error) = unsafe { munmap(self.start.as_ptr().cast(), self.mapped) } {
            tracing::warn!(%error, "wiped pages could not be given back");
        }
    }
}
