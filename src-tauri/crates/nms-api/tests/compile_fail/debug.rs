use nms_api::Secret;

fn main() {
    let secret = Secret::new("x".into());
    println!("{secret:?}");
}
