//! Whom the client believes over TLS: the authorities of this computer, for the name that was asked for, today.

use std::{fs, path::Path, sync::Arc};

use nms_api::Secret;
use nms_client::{Client, Error, NotBuilt, ServerAddress, TimeLimits, Unreachable};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use crate::{
    again,
    nms::Nms,
    samples::{me, ok},
};

type Authority = Issuer<'static, KeyPair>;

struct Identity {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

/// An authority, and its certificate as a file of trusted ones has it.
fn authority() -> (Authority, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let pem = params.self_signed(&key).unwrap().pem();
    (Issuer::new(params, key), pem)
}

/// Valid for this name from one year to another.
fn identity(issuer: Option<&Authority>, name: &str, years: (i32, i32)) -> Identity {
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(years.0, 1, 1);
    params.not_after = date_time_ymd(years.1, 1, 1);
    let key = KeyPair::generate().unwrap();
    let certificate = match issuer {
        Some(issuer) => params.signed_by(&key, issuer),
        None => params.self_signed(&key),
    };
    Identity { certificate: certificate.unwrap().der().clone(), key }
}

/// What asking a server with this identity comes to.
async fn ask(identity: Identity) -> Result<(), Error> {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.key.serialize_der()));
    let provider = Arc::new(aws_lc_rs::default_provider());
    let versions = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = versions.with_no_client_auth().with_single_cert(vec![identity.certificate], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    serve_and_ask(async move |stream| {
        if let Ok(mut stream) = acceptor.accept(stream).await {
            // A small request comes in one piece.
            assert!(stream.read_buf(&mut Vec::with_capacity(4096)).await.unwrap() > 0);
            stream.write_all(&ok(&me())).await.unwrap();
        }
    })
    .await
}

async fn serve_and_ask(serve: impl AsyncFnOnce(tokio::net::TcpStream)) -> Result<(), Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = ServerAddress::parse(&format!("https://{}", listener.local_addr().unwrap())).unwrap();
    let client = Client::new(address, Secret::new("s".into()), TimeLimits::default()).unwrap();
    let server = async {
        let (stream, _) = listener.accept().await.unwrap();
        serve(stream).await;
    };
    let (answer, ()) = tokio::join!(client.me(), server);
    answer.map(|_| ())
}

#[track_caller]
fn check(answer: Result<(), Error>, expected: Unreachable) {
    let Err(Error::Unreachable { reason }) = answer else { panic!("{answer:?}") };
    assert_eq!(reason, expected);
}

#[tokio::test]
async fn only_a_trusted_certificate_for_the_right_name_and_time_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    let trusted = [("SSL_CERT_FILE", folder.path().join("authorities.pem"))];
    let name = "tls::only_a_trusted_certificate_for_the_right_name_and_time_is_believed";
    if !again::with_environment(name, trusted) {
        return;
    }
    let (trusted, pem) = authority();
    fs::write(Path::new(&std::env::var_os("SSL_CERT_FILE").unwrap()), pem).unwrap();
    let now = (2020, 2120);
    let answer = ask(identity(Some(&trusted), "127.0.0.1", now)).await;
    assert!(answer.is_ok(), "an authority of this computer is believed: {answer:?}");
    let other = authority().0;
    check(ask(identity(None, "127.0.0.1", now)).await, Unreachable::UntrustedCertificate);
    check(ask(identity(Some(&other), "127.0.0.1", now)).await, Unreachable::UntrustedCertificate);
    check(ask(identity(Some(&trusted), "nms.example", now)).await, Unreachable::CertificateName);
    check(ask(identity(Some(&trusted), "127.0.0.1", (2020, 2021))).await, Unreachable::CertificateTime);
    check(ask(identity(Some(&trusted), "127.0.0.1", (2110, 2120))).await, Unreachable::CertificateTime);
}

#[tokio::test]
async fn a_server_that_knows_only_old_protocols_is_not_spoken_to() {
    let answer = serve_and_ask(async |mut stream| {
        assert!(stream.read_buf(&mut Vec::with_capacity(4096)).await.unwrap() > 0);
        // What a server that stops at TLS 1.1 says: the alert protocol_version (RFC 8446, section 6.2).
        stream.write_all(&[21, 3, 1, 0, 2, 2, 70]).await.unwrap();
    })
    .await;
    check(answer, Unreachable::Tls);
}

/// The beginning of an answer in this version of the protocol: a ServerHello with a cipher of its time (RFC 4346,
/// section 7.4.1.3).
fn server_hello(version: [u8; 2]) -> Vec<u8> {
    let mut hello = version.to_vec();
    hello.extend([7; 32]);
    // No session, TLS_RSA_WITH_AES_128_CBC_SHA, no compression.
    hello.extend([0, 0, 0x2f, 0]);
    let mut message = vec![2, 0, 0, hello.len() as u8];
    message.extend(hello);
    let mut record = vec![22, version[0], version[1], 0, message.len() as u8];
    record.extend(message);
    record
}

#[tokio::test]
async fn a_server_that_answers_in_an_old_protocol_is_not_spoken_to() {
    // SSL 3.0, TLS 1.0, TLS 1.1.
    for version in [[3, 0], [3, 1], [3, 2]] {
        let mut heard = Vec::new();
        let answer = serve_and_ask(async |mut stream| {
            assert!(stream.read_buf(&mut Vec::with_capacity(4096)).await.unwrap() > 0);
            stream.write_all(&server_hello(version)).await.unwrap();
            // Whatever comes next, until the client has gone.
            drop(stream.read_to_end(&mut heard).await);
        });
        check(answer.await, Unreachable::Tls);
        assert_eq!(heard.first(), Some(&21), "an alert and nothing else: {heard:?}");
        assert!(heard.len() <= 7, "{heard:?}");
    }
}

#[tokio::test]
async fn a_computer_without_authorities_still_reaches_its_own_server() {
    let none = [("SSL_CERT_FILE", "/nonexistent"), ("SSL_CERT_DIR", "/nonexistent")];
    if !again::with_environment("tls::a_computer_without_authorities_still_reaches_its_own_server", none) {
        return;
    }
    let nms = Nms::answering(ok(&me())).await;
    nms.client().me().await.unwrap();
    let elsewhere = ServerAddress::parse("https://nms.example").unwrap();
    let client = Client::new(elsewhere, Secret::new("s".into()), TimeLimits::default());
    assert_eq!(client.err(), Some(NotBuilt::Tls));
}
