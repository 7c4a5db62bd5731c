//! What must not compile: a `Secret` cannot be printed, cloned, compared, hashed, serialised or borrowed unnoticed.

use std::{
    borrow::Borrow,
    fmt::{Debug, Display, LowerHex, Pointer},
    hash::Hash,
    ops::Deref,
};

use nms_api::Secret;
use static_assertions::assert_not_impl_any;

#[test]
fn a_secret_cannot_be_printed_cloned_compared_or_serialised() {
    // Whoever gives it one of these breaks the build of this test, and reads here what it is that may not be.
    assert_not_impl_any!(Secret: Debug, Display, LowerHex, Pointer);
    assert_not_impl_any!(Secret: Clone, Copy, Default);
    assert_not_impl_any!(Secret: PartialEq, PartialEq<str>, PartialEq<String>, PartialOrd, Hash);
    assert_not_impl_any!(Secret: serde::Serialize);
    assert_not_impl_any!(Secret: Deref, AsRef<str>, AsRef<[u8]>, Borrow<str>, Into<String>);
}
