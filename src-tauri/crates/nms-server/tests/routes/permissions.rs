//! `GET /permissions`.

use crate::nms::{Nms, send};

#[tokio::test]
async fn the_catalogue_is_the_published_one() {
    let nms = Nms::start().await;
    let answer = nms.get("/permissions").await;
    assert_eq!((answer.header("content-language"), answer.header("vary")), (Some("en"), Some("accept-language")));
    insta::assert_json_snapshot!("permissions", answer.json());
}

#[tokio::test]
async fn whoever_has_the_catalogue_is_told_so() {
    let nms = Nms::start().await;
    let etag = nms.get("/permissions").await.header("etag").unwrap().to_owned();
    let asked = |tags: &str| send(nms.ask("GET", "/permissions").header("If-None-Match", tags));
    for tags in [etag.clone(), format!("W/{etag}"), format!("\"x\", {etag}"), "*".to_owned()] {
        let answer = asked(&tags).await;
        assert_eq!((answer.status, answer.text.as_str()), (304, ""), "{tags}");
        assert_eq!(answer.header("etag"), Some(etag.as_str()));
        assert_eq!((answer.header("content-language"), answer.header("vary")), (Some("en"), Some("accept-language")));
    }
    for tags in ["\"x\"", "", etag.trim_matches('"')] {
        assert_eq!(asked(tags).await.status, 200, "{tags}");
    }
}

#[tokio::test]
async fn whatever_language_is_wanted_english_is_what_there_is() {
    let nms = Nms::start().await;
    for wanted in ["de-CH, fr;q=0.9", "en", "*", ";;;"] {
        let answer = send(nms.ask("GET", "/permissions").header("Accept-Language", wanted)).await;
        assert_eq!((answer.status, answer.header("content-language")), (200, Some("en")), "{wanted}");
    }
}
