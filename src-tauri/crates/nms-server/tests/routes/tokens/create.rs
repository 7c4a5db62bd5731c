//! `POST /tokens`.

use chrono::TimeDelta;
use serde_json::{Value, json};
use sqlx::Connection;
use uuid::Uuid;

use crate::nms::{Nms, at, eventually, instant, send};

#[tokio::test]
async fn a_new_token_comes_with_its_secret_once_and_may_not_be_kept_on_the_way() {
    let nms = Nms::start().await;
    let answer = nms.post_token(Uuid::now_v7(), &json!({"name": "poller", "permissions": ["devices:read"]})).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = answer.json();
    let (token, secret) = (&body["token"], body["secret"].as_str().unwrap());
    assert_eq!(answer.header("etag"), token["etag"].as_str());
    assert_eq!(answer.header("location").unwrap(), format!("/api/v1/tokens/{}", token["id"].as_str().unwrap()));
    assert!(
        secret.starts_with(token["prefix"].as_str().unwrap()) && secret.ends_with(token["suffix"].as_str().unwrap())
    );
    assert_eq!(nms.use_token(secret).await.status, 200);
    for path in ["/tokens", &format!("/tokens/{}", token["id"].as_str().unwrap())] {
        assert!(!nms.get(path).await.text.contains(secret), "{path}");
    }
    insta::assert_json_snapshot!("created", body, {
        ".secret" => "[secret]", ".token.id" => "[id]", ".token.organization_id" => "[id]",
        ".token.prefix" => "[prefix]", ".token.suffix" => "[suffix]", ".token.etag" => "[etag]",
        ".token.created_at" => "[now]", ".token.updated_at" => "[now]", ".token.expires_at" => "[in 90 days]",
    });
}

#[tokio::test]
async fn what_is_kept_is_trimmed_composed_folded_and_sorted() {
    let nms = Nms::start().await;
    let made = nms
        .make(json!({
            "name": "  Mu\u{308}nchen ", "description": " \t ",
            "permissions": ["sites:read", "devices:read", "sites:read"],
            "expires_at": "2026-12-24T18:30:00.1234567+01:00",
        }))
        .await;
    assert_eq!(made.token["name"], "München");
    assert_eq!(made.token["description"], Value::Null);
    assert_eq!(made.token["permissions"], json!(["devices:read", "sites:read"]));
    assert_eq!(made.token["expires_at"], "2026-12-24T17:30:00.123456Z");
}

#[tokio::test]
async fn a_body_that_is_not_right_is_refused_with_the_member_named() {
    let nms = Nms::start().await;
    for (body, slug, field) in [
        (json!({}), "invalid", "permissions"),
        (json!({"permissions": []}), "invalid", "permissions"),
        (json!({"permissions": null}), "invalid", "permissions"),
        (json!({"permissions": ["devices:read"], "name": 7}), "invalid", "name"),
        (json!({"permissions": ["devices:read"], "name": "x".repeat(101)}), "invalid", "name"),
        (json!({"permissions": ["devices:read"], "name": "a\u{0007}b"}), "invalid", "name"),
        (json!({"permissions": ["devices:read"], "name": "a\u{202e}b"}), "invalid", "name"),
        (json!({"permissions": ["devices:read"], "description": "x".repeat(501)}), "invalid", "description"),
        (json!({"permissions": ["devices:read"], "expires_at": "soon"}), "invalid", "expires_at"),
        (json!({"permissions": ["devices:read"], "allowed_addresses": "10.0.0.1"}), "invalid", "allowed_addresses"),
        (json!({"permissions": ["devices:read"], "allowed_addresses": [7]}), "invalid", "allowed_addresses"),
        (json!({"permissions": ["devices:read"], "allowed_addresses": ["10.0.0.1/8"]}), "invalid", "allowed_addresses"),
        (
            json!({"permissions": ["devices:read"], "allowed_addresses": ["nms.example"]}),
            "invalid",
            "allowed_addresses",
        ),
        (json!({"permissions": ["devices:read"], "paused": false}), "invalid", "paused"),
        (json!({"permissions": ["devices:fly", "devices:read"]}), "permission-unknown", "permissions"),
        (json!({"permissions": ["tokens:review"]}), "permission-not-grantable", "permissions"),
    ] {
        nms.post_token(Uuid::now_v7(), &body).await.refused(422, slug).field(field);
    }
    let twice = send(
        nms.ask("POST", "/tokens")
            .header("Idempotency-Key", Uuid::now_v7().to_string())
            .header("Content-Type", "application/json")
            .body(r#"{"permissions":["devices:read"],"name":"a","name":"b"}"#),
    );
    twice.await.refused(422, "invalid").field("name");
    assert_eq!(nms.get("/tokens").await.json()["counts"]["all"], 0);
}

#[tokio::test]
async fn addresses_are_kept_in_one_form_and_fifty_at_most() {
    let nms = Nms::start().await;
    let typed = json!(["2001:DB8::/32", "::ffff:10.2.0.7", "10.0.0.0/8", "10.2.0.7", "2001:db8::7"]);
    let made = nms.make(json!({"allowed_addresses": typed})).await;
    let kept = json!(["10.0.0.0/8", "10.2.0.7/32", "2001:db8::/32", "2001:db8::7/128"]);
    assert_eq!(made.token["allowed_addresses"], kept);
    assert_eq!(nms.token(&made.id).await["allowed_addresses"], kept);
    assert_eq!(nms.events(&made.id).await[0]["to"]["allowed_addresses"], kept);
    assert_eq!(nms.make(json!({"allowed_addresses": []})).await.token["allowed_addresses"], json!([]));
    let many = |count: u32| {
        let addresses: Vec<String> = (0..count).map(|last| format!("10.0.0.{last}")).collect();
        json!({"permissions": ["devices:read"], "allowed_addresses": addresses})
    };
    assert_eq!(nms.post_token(Uuid::now_v7(), &many(50)).await.status, 201);
    nms.post_token(Uuid::now_v7(), &many(51)).await.refused(422, "invalid").field("allowed_addresses");
}

#[tokio::test]
async fn which_address_is_wrong_is_said_by_its_place_and_not_repeated() {
    let nms = Nms::start().await;
    let body = json!({"permissions": ["devices:read"], "allowed_addresses": ["10.0.0.1", "s3cr3t"]});
    let answer = nms.post_token(Uuid::now_v7(), &body).await;
    answer.refused(422, "invalid").field("allowed_addresses");
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("Number 2 ") && !detail.contains("s3cr3t"), "{detail}");
}

#[tokio::test]
async fn names_with_joiners_and_markup_are_kept_as_they_are() {
    let nms = Nms::start().await;
    for name in ["نمونه\u{200c}ها", "<b>bold</b>", "👩\u{200d}🚀", "'; DROP TABLE tokens; --"] {
        assert_eq!(nms.make(json!({"name": name})).await.token["name"], name);
    }
}

#[tokio::test]
async fn permissions_that_the_person_does_not_hold_are_named() {
    let nms = Nms::start().await;
    nms.set_held(&["devices:read"]).await;
    let body = json!({"permissions": ["devices:read", "devices:write", "sites:read"]});
    let answer = nms.post_token(Uuid::now_v7(), &body).await;
    answer.refused(403, "permission-not-held");
    assert_eq!(answer.json()["permissions"], json!(["devices:write", "sites:read"]));
}

#[tokio::test]
async fn an_expiry_is_in_90_days_unless_said_and_within_12_months() {
    let mut nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    assert_eq!(instant(&made.token["expires_at"]) - instant(&made.token["created_at"]), TimeDelta::days(90));
    nms.set_clock("2028-02-29T12:00:00Z");
    nms.sign_in().await;
    for (expires_at, status) in [
        ("2029-02-28T12:00:59Z", 201),
        ("2029-02-28T12:01:01Z", 422),
        ("2028-02-29T12:00:00Z", 422),
        ("2028-02-29T11:59:59Z", 422),
        ("2028-02-29T12:00:01Z", 201),
        ("+10000-01-01T00:00:00Z", 422),
        ("9999-12-31T23:59:59Z", 422),
    ] {
        let body = json!({"permissions": ["devices:read"], "expires_at": expires_at});
        let answer = nms.post_token(Uuid::now_v7(), &body).await;
        assert_eq!(answer.status, status, "{expires_at} {}", answer.text);
        if status == 422 {
            answer.field("expires_at");
        }
    }
}

#[tokio::test]
async fn without_a_uuid_as_its_key_a_request_is_refused() {
    let nms = Nms::start().await;
    let key = Uuid::now_v7();
    for wrong in ["", "1", &key.simple().to_string(), &key.braced().to_string(), &format!("{key}0")] {
        let request = nms.ask("POST", "/tokens").header("Idempotency-Key", wrong).json(&json!({}));
        send(request).await.refused(400, "idempotency-key").field("Idempotency-Key");
    }
    send(nms.ask("POST", "/tokens").json(&json!({}))).await.refused(400, "idempotency-key");
    let two = nms.ask("POST", "/tokens").header("Idempotency-Key", key.to_string());
    let two = two.header("Idempotency-Key", key.to_string()).json(&json!({}));
    send(two).await.refused(400, "idempotency-key");
}

#[tokio::test]
async fn the_same_request_again_answers_the_same_token_without_its_secret() {
    let mut nms = Nms::start().await;
    let (key, body) = (Uuid::now_v7(), json!({"permissions": ["devices:read"], "expires_at": "2026-11-24T10:00:00Z"}));
    let first = nms.post_token(key, &body).await.json();
    // Later the same body would be refused: the key is asked first.
    nms.advance(TimeDelta::days(2));
    nms.sign_in().await;
    let again =
        send(nms.ask("POST", "/tokens").header("Idempotency-Key", key.to_string().to_uppercase()).json(&body)).await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (200, Some("true")));
    assert_eq!(again.json()["secret"], Value::Null);
    assert_eq!(again.json()["token"]["id"], first["token"]["id"]);
    assert_eq!(again.header("etag"), first["token"]["etag"].as_str());
    assert_eq!(nms.get("/tokens").await.json()["counts"]["all"], 1);
}

#[tokio::test]
async fn a_key_answers_another_body_and_a_deleted_token_with_a_refusal() {
    let nms = Nms::start().await;
    let (key, body) = (Uuid::now_v7(), json!({"permissions": ["devices:read"]}));
    let id = nms.post_token(key, &body).await.json()["token"]["id"].as_str().unwrap().to_owned();
    nms.post_token(key, &json!({"permissions": ["sites:read"]})).await.refused(422, "key-reused");
    // Bound to the bytes: the same members with a blank between are another body.
    let blank = nms.ask("POST", "/tokens").header("Idempotency-Key", key.to_string());
    let blank = blank.header("Content-Type", "application/json").body(r#"{"permissions": ["devices:read"]}"#);
    send(blank).await.refused(422, "key-reused");
    assert_eq!(nms.delete(&id).await.status, 204);
    nms.post_token(key, &body).await.refused(410, "key-spent");
    assert_eq!(nms.get("/tokens").await.json()["counts"]["all"], 0);
}

#[tokio::test]
async fn an_error_leaves_the_key_free() {
    let nms = Nms::start().await;
    let key = Uuid::now_v7();
    nms.post_token(key, &json!({"permissions": []})).await.refused(422, "invalid");
    assert_eq!(nms.post_token(key, &json!({"permissions": ["devices:read"]})).await.status, 201);
}

#[tokio::test]
async fn a_key_is_found_in_the_list_and_nothing_is_made_by_asking() {
    let nms = Nms::start().await;
    let (key, other) = (Uuid::now_v7(), Uuid::now_v7());
    let made = nms.post_token(key, &json!({"permissions": ["devices:read"]})).await.json();
    nms.make(json!({})).await;
    let found = nms.get(&format!("/tokens?idempotency_key={key}")).await.json();
    assert_eq!(found["tokens"], json!([made["token"]]));
    assert_eq!(nms.get(&format!("/tokens?idempotency_key={other}")).await.json()["tokens"], json!([]));
    assert_eq!(nms.post_token(other, &json!({"permissions": ["devices:read"]})).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_with_one_key_make_one_token() {
    let nms = Nms::start().await;
    let (key, body) = (Uuid::now_v7(), json!({"permissions": ["devices:read"]}));
    let answers = futures_util::future::join_all((0..50).map(|_| nms.post_token(key, &body))).await;
    let secrets = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(secrets, 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        match answer.status {
            200 => assert_eq!(answer.json()["secret"], Value::Null),
            _ => assert_eq!(answer.refused(409, "in-progress").header("retry-after"), Some("1")),
        }
    }
    assert_eq!(nms.get("/tokens").await.json()["counts"]["all"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_first_is_at_work_the_second_is_told_to_wait() {
    let nms = Nms::start().await;
    let (key, body) = (Uuid::now_v7(), json!({"permissions": ["devices:read"]}));
    // Somebody else writes: the first request waits for them.
    let mut store = nms.store().await;
    let writing = store.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let second = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let answer = nms.post_token(key, &body).await;
        writing.rollback().await.unwrap();
        answer
    };
    let (first, second) = tokio::join!(nms.post_token(key, &body), second);
    assert_eq!(second.refused(409, "in-progress").json()["retry_after_s"], 1);
    assert_eq!(first.status, 201);
}

#[tokio::test]
async fn a_key_lives_as_long_as_the_trace_of_its_token() {
    let nms = Nms::start().await;
    let (key, body) = (Uuid::now_v7(), json!({"permissions": ["devices:read"]}));
    let id = nms.post_token(key, &body).await.json()["token"]["id"].as_str().unwrap().to_owned();
    nms.delete(&id).await;
    nms.advance(TimeDelta::days(91));
    let nms = nms.restart().await;
    assert!(nms.now() > at("2027-02-22T00:00:00Z"));
    // What is over is forgotten beside the requests, soon after the start.
    eventually(async || nms.post_token(key, &body).await.status == 201).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_in_the_middle_leaves_a_whole_token_or_none() {
    let nms = Nms::start().await;
    let body = json!({"permissions": ["devices:read"]});
    let mut keys = Vec::new();
    for tenths in 0..120 {
        let key = Uuid::now_v7();
        let request = nms.ask("POST", "/tokens").header("Idempotency-Key", key.to_string()).json(&body);
        let patience = std::time::Duration::from_micros(500 + tenths * 50);
        // Whether it was answered in time does not matter here.
        let _ = request.timeout(patience).send().await;
        keys.push(key);
    }
    nms.make(json!({})).await;
    let mut made = 1;
    for key in keys {
        let found = nms.get(&format!("/tokens?idempotency_key={key}")).await.json();
        let found = found["tokens"].as_array().unwrap().len();
        assert!(found <= 1);
        // The same again answers the one that there is, or makes the first.
        let again = nms.post_token(key, &body).await;
        assert_eq!(again.status, if found == 1 { 200 } else { 201 }, "{}", again.text);
        made += 1;
    }
    assert_eq!(nms.get("/tokens").await.json()["counts"]["all"], made);
}
