//! A server that sends the caller elsewhere: the credential, the body and the key go nowhere.

use std::net::TcpListener;

use nms_api::TokenChanges;
use nms_client::{Client, Error};

use crate::{
    nms::{Nms, SESSION},
    samples::{ID, KEY, NAME, http, new_token, token},
};

/// Every way to another place: host, port, scheme, and none at all.
fn locations(elsewhere: u16, here: u16) -> Vec<Option<String>> {
    [
        format!("http://127.0.0.1:{elsewhere}/api/v1/tokens/{ID}"),
        format!("http://localhost:{elsewhere}/api/v1/tokens"),
        format!("http://[::1]:{elsewhere}/"),
        format!("//127.0.0.1:{elsewhere}/api/v1/tokens"),
        format!("https://127.0.0.1:{elsewhere}/api/v1/tokens"),
        format!("https://127.0.0.1:{here}/api/v1/tokens"),
        format!("http://user:pass@127.0.0.1:{elsewhere}/"),
        "https://nms.example/api/v1/tokens".to_owned(),
        "file:///etc/passwd".to_owned(),
        "/api/v1/elsewhere".to_owned(),
        "http://[nonsense".to_owned(),
    ]
    .into_iter()
    .map(Some)
    .chain([None])
    .collect()
}

async fn errors(client: &Client) -> Vec<Error> {
    let etag = serde_json::from_value(token()["etag"].clone()).unwrap();
    let changes = TokenChanges { paused: Some(true), ..TokenChanges::default() };
    vec![
        client.token(ID).await.unwrap_err(),
        client.create_token(&new_token(), KEY).await.err().unwrap(),
        client.update_token(ID, &etag, &changes).await.unwrap_err(),
        client.delete_token(ID).await.unwrap_err(),
    ]
}

#[tokio::test]
async fn no_redirect_takes_anything_elsewhere_whatever_it_points_at_and_whatever_was_asked() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let port = elsewhere.local_addr().unwrap().port();
    for status in [301, 302, 303, 307, 308] {
        let here = Nms::answering(http(&format!("{status} X"), &[], "")).await;
        for location in locations(port, here.port) {
            let headers: Vec<String> = location.iter().map(|location| format!("Location: {location}")).collect();
            let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
            let nms = Nms::answering(http(&format!("{status} X"), &headers, "")).await;
            for error in errors(&nms.client()).await {
                let told = format!("{error:?} {error}");
                assert!(matches!(error, Error::Redirected { status: seen } if seen == status), "{location:?}: {told}");
                assert!(!told.contains("example") && !told.contains(SESSION) && !told.contains(NAME), "{told}");
            }
            assert_eq!(nms.requests().len(), 4, "each was asked once, and here only");
        }
        assert_eq!(here.requests().len(), 0);
    }
    assert!(elsewhere.accept().is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock), "nobody came");
}
