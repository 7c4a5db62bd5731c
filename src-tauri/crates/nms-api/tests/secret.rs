//! What must not compile: a `Secret` cannot be printed, cloned, compared or serialised.

#[test]
fn a_secret_cannot_be_printed_cloned_compared_or_serialised() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
