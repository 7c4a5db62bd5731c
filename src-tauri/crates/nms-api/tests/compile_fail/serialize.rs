use nms_api::Secret;

fn main() {
    let secret = Secret::new("x".into());
    drop(serde_json::to_string(&secret));
}
