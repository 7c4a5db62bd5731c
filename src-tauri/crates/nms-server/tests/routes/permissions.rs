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
async fn the_catalogue_is_described_in_the_language_that_is_wanted() {
    let nms = Nms::start().await;
    for (wanted, language, group, description, preset) in [
        ("fr, en-GB;q=0.5", "en", "Inventory", "See devices, their hardware, software version and status", "Read-only"),
        ("de-CH, en;q=0.9", "de", "Inventar", "Geräte mit Hardware, Softwareversion und Status ansehen", "Nur lesen"),
        ("ar", "ar", "الجرد", "عرض الأجهزة وعتادها وإصدارات برمجياتها وحالتها", "للقراءة فقط"),
        (";;;", "en", "Inventory", "See devices, their hardware, software version and status", "Read-only"),
    ] {
        let answer = send(nms.ask("GET", "/permissions").header("Accept-Language", wanted)).await;
        assert_eq!((answer.status, answer.header("content-language")), (200, Some(language)), "{wanted}");
        assert_eq!(answer.header("vary"), Some("accept-language"));
        let (first, last) = (&answer.json()["permissions"][0], &answer.json()["presets"][5]);
        assert_eq!(
            (&first["group"], &first["description"], &last["name"]),
            (&group.into(), &description.into(), &preset.into())
        );
        assert_eq!((&first["name"], &last["id"]), (&"devices:read".into(), &"read-only".into()));
    }
}

#[tokio::test]
async fn a_tag_stands_for_the_catalogue_in_one_language() {
    let nms = Nms::start().await;
    let asked = |language: &str| nms.ask("GET", "/permissions").header("Accept-Language", language);
    let mut tags = Vec::new();
    for language in ["en", "de", "ar"] {
        tags.push(send(asked(language)).await.header("etag").unwrap().to_owned());
    }
    for (place, language) in ["en", "de", "ar"].into_iter().enumerate() {
        for (of, tag) in tags.iter().enumerate() {
            let answer = send(asked(language).header("If-None-Match", tag)).await;
            assert_eq!(answer.status, if of == place { 304 } else { 200 }, "{language} {tag}");
            assert_eq!(answer.header("content-language"), Some(language));
        }
    }
}
