//! Loopback is not trust: whoever has no credential, asks under another name, from another page, or about what is not
//! theirs, gets nothing, of any operation that there is.

use reqwest::RequestBuilder;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::nms::{Answer, Nms, send};
use crate::operations::{Operation, operations};

/// Of a body that every operation would read to its end.
const BODY_LIMIT: usize = 64 * 1024;

/// A credential that this operation takes: the person's session, or a token that is asked about itself.
async fn credential(nms: &Nms, operation: &Operation) -> String {
    match operation.is_public() || operation.is_for("session") {
        true => nms.session.clone(),
        false => nms.make(json!({})).await.secret,
    }
}

/// A call that would do what the operation is for, were it not for what the caller is refused for.
fn call(nms: &Nms, operation: &Operation, id: &str) -> RequestBuilder {
    let key = Uuid::now_v7().to_string();
    let request = nms.at_root(&operation.method, &operation.path_of(id));
    let request = request.header("Idempotency-Key", key).header("If-Match", "*");
    if operation.takes_a_body { request.json(&body(&operation.path)) } else { request }
}

fn body(path: &str) -> Value {
    match path {
        "/api/v1/tokens" => json!({"permissions": ["devices:read"]}),
        "/api/v1/tokens/identify" => json!({"sha256": "0".repeat(64)}),
        "/api/v1/devices" => json!({"name": "a", "address": "192.0.2.1"}),
        _ => json!({}),
    }
}

/// How many tokens and devices there are: nothing that is refused changes it.
async fn count(nms: &Nms) -> (Value, usize) {
    let devices = nms.get("/devices").await.json()["devices"].as_array().unwrap().len();
    (nms.get("/tokens").await.json()["counts"]["all"].clone(), devices)
}

#[tokio::test]
async fn without_a_credential_no_operation_does_anything() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let before = count(&nms).await;
    for operation in operations(&nms).await.iter().filter(|operation| !operation.is_public()) {
        send(call(&nms, operation, &made.id)).await.refused(401, "token-unknown");
        // Nor with one that is given elsewhere than in its header.
        let path = operation.path_of(&made.id);
        let query = nms.at_root(&operation.method, &format!("{path}?access_token={}", nms.session));
        send(query.header("Cookie", format!("session={}", nms.session))).await.refused(401, "token-unknown");
    }
    assert_eq!(count(&nms).await, before);
}

#[tokio::test]
async fn under_another_name_or_from_another_page_no_operation_answers_whatever_is_known() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let port = nms.server.address().port();
    for operation in &operations(&nms).await {
        let credential = credential(&nms, operation).await;
        let before = count(&nms).await;
        let known = || call(&nms, operation, &made.id).bearer_auth(&credential);
        // DNS rebinding: the page's own name, which points to us.
        for host in
            ["evil.example".to_owned(), format!("evil.example:{port}"), format!("127.0.0.1.evil.example:{port}")]
        {
            send(known().header("Host", host)).await.refused(421, "foreign-host");
        }
        for origin in ["http://evil.example", "null", "https://localhost", "http://127.0.0.1"] {
            let answer = send(known().header("Origin", origin)).await;
            answer.refused(403, "foreign-origin");
            assert_eq!(answer.header("access-control-allow-origin"), None);
        }
        // What a browser asks before it sends what a page may not.
        let preflight = nms.at_root("OPTIONS", &operation.path_of(&made.id)).header("Origin", "http://evil.example");
        let preflight = preflight.header("Access-Control-Request-Method", operation.method.as_str());
        send(preflight).await.refused(403, "foreign-origin");
        assert_eq!(count(&nms).await, before, "{operation:?}");
    }
}

/// Somebody else of another organisation, with a token of theirs; its id.
async fn another_person(nms: &Nms) -> String {
    let mine = nms.make(json!({"name": "theirs now", "allowed_addresses": ["127.0.0.0/8"]})).await;
    nms.use_token(&mine.secret).await;
    let (person, organization) = (Uuid::now_v7(), Uuid::now_v7());
    let text = format!(
        "INSERT INTO organizations VALUES ('{organization}', 'Elsewhere'); \
         INSERT INTO people VALUES ('{person}', 'Bob', 0); \
         INSERT INTO memberships VALUES ('{person}', '{organization}', NULL); \
         UPDATE tokens SET owner_id = '{person}', organization_id = '{organization}' WHERE id = '{id}'; \
         UPDATE idempotency_keys SET owner_id = '{person}', organization_id = '{organization}' WHERE token_id = '{id}'; \
         UPDATE events SET owner_id = '{person}', organization_id = '{organization}' WHERE token_id = '{id}';",
        id = mine.id
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut nms.store().await).await.unwrap();
    mine.id
}

/// What differs from call to call.
fn without_chance(answer: &Answer) -> (u16, String) {
    (answer.status, answer.text.clone())
}

#[tokio::test]
async fn with_another_persons_id_every_operation_answers_as_if_there_were_none() {
    let nms = Nms::start().await;
    let theirs = another_person(&nms).await;
    let of_one = operations(&nms).await.into_iter().filter(|operation| operation.path.contains("{id}"));
    for operation in of_one {
        let ask = async |id: &str| send(call(&nms, &operation, id).bearer_auth(&nms.session)).await;
        let answer = ask(&theirs).await;
        answer.refused(404, "not-found");
        assert_eq!(without_chance(&answer), without_chance(&ask(&Uuid::now_v7().to_string()).await), "{operation:?}");
    }
    let kept: Option<i64> = sqlx::query_scalar(
        "SELECT deleted_at FROM tokens WHERE owner_id <> (SELECT id FROM people WHERE built_in = 1)",
    )
    .fetch_one(&mut nms.store().await)
    .await
    .unwrap();
    assert_eq!(kept, None, "it is not deleted");
}

#[tokio::test]
async fn no_list_and_no_search_shows_anything_of_another_person() {
    let nms = Nms::start().await;
    let theirs = another_person(&nms).await;
    let mine = nms.make(json!({"name": "mine"})).await;
    let found = nms.get("/tokens?q=theirs").await;
    assert_eq!((found.json()["tokens"].clone(), found.json()["counts"]["all"].clone()), (json!([]), json!(1)));
    for operation in operations(&nms).await.iter().filter(|operation| operation.method == "GET") {
        let query = if operation.path.ends_with("/tokens/use") { format!("?ids={theirs}") } else { String::new() };
        let request = nms.at_root("GET", &(operation.path_of(&mine.id) + &query)).bearer_auth(&nms.session);
        let answer = send(request).await;
        assert!(!answer.text.contains("theirs now") && !answer.text.contains("Elsewhere"), "{operation:?}");
        let told = answer.status == 200 && !operation.path.ends_with("/tokens/use");
        assert!(!told || !answer.text.contains(&theirs), "{operation:?} {}", answer.text);
    }
}

#[tokio::test]
async fn whoever_is_no_member_any_more_has_a_token_that_nobody_knows() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    sqlx::query("DELETE FROM memberships").execute(&mut nms.store().await).await.unwrap();
    nms.use_token(&made.secret).await.refused(401, "token-unknown");
    nms.get("/me").await.refused(401, "token-unknown");
}

#[tokio::test]
async fn no_operation_takes_a_body_over_the_limit_too_deep_a_one_or_a_member_that_it_does_not_know() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    for operation in &operations(&nms).await {
        let credential = credential(&nms, operation).await;
        let before = count(&nms).await;
        let sent = async |body: String| {
            let request = nms.at_root(&operation.method, &operation.path_of(&made.id)).bearer_auth(&credential);
            let request = request.header("Idempotency-Key", Uuid::now_v7().to_string()).header("If-Match", "*");
            send(request.header("Content-Type", "application/json").body(body)).await
        };
        let padded = |length: usize| {
            let body = body(&operation.path).to_string();
            format!("{body}{}", " ".repeat(length - body.len()))
        };
        sent(padded(BODY_LIMIT + 1)).await.refused(413, "body-too-large");
        if operation.takes_a_body {
            for opening in ["[", "{\"a\":", "{\"name\":["] {
                sent(opening.repeat(BODY_LIMIT / opening.len())).await.refused(400, "syntax");
            }
            let deep = format!("{{\"name\":{}1{}}}", "[".repeat(100), "]".repeat(100));
            assert_eq!(sent(deep).await.status, 422);
            let mut unknown = body(&operation.path);
            unknown["colour"] = json!("red");
            sent(unknown.to_string()).await.refused(422, "invalid").field("colour");
        }
        assert_eq!(count(&nms).await, before, "{operation:?}");
    }
}
