//! No token is anywhere in the tree besides those that the contract gives away.

use std::fs;

use nms_api::{Secret, TokenHash, finding};
use tidy::{hold, paths, root};

/// The contract's own: everybody knows them, no server accepts them.
const VECTORS: [&str; 3] = [
    "pnms_pat_000000000000000000000000000000000000000002ACVk",
    "pnms_pat_TESTONLYzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz4Yt49E",
    "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV",
];

#[test]
fn the_only_tokens_in_the_tree_are_the_contract_s_vectors() {
    let known = VECTORS.map(|value| TokenHash::of(&Secret::new(value.to_owned()).sha256()));
    let (mut seen, mut broken) = (0, Vec::new());
    for path in paths("") {
        let bytes = fs::read(root().join(&path)).unwrap();
        for found in finding::find(&bytes) {
            seen += 1;
            if !known.contains(&found.hash) {
                let line = 1 + bytes[..found.at].iter().filter(|byte| **byte == b'\n').count();
                broken.push(format!("{path}:{line}: {}", found.masked));
            }
        }
    }
    assert!(seen > 10, "this test no longer sees what it looks for");
    hold("A real token never gets into the tree: tests make their own while they run.", &broken);
}
