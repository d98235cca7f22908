//! Who is believed over https: whoever has a certificate of an authority that this machine trusts.
//! Authorities are found by the environment of a process, so the client is one of its own.

use std::{
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use adapters::http;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{ServerConfig, pki_types::PrivateKeyDer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

/// Names the URL that [`a_client`] asks for.
const ASK: &str = "HTTPS_TEST_URL";

#[tokio::test]
#[ignore = "is run by the others in a process of its own"]
async fn a_client() {
    let url = std::env::var(ASK).unwrap();
    for _ in 0..2 {
        match http::client(Duration::from_secs(30)).get(&url).send().await {
            Ok(answer) => println!("answer: {}", answer.status()),
            Err(error) => println!("answer: {}", http::failure(&error)),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trusted_server_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("authority.pem");
    let url = server(&authority).await;
    let answers = ask(&url, &authority).await;
    assert_eq!(answers, ["204 No Content", "204 No Content"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_server_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let url = server(&folder.path().join("authority.pem")).await;
    let other = folder.path().join("other.pem");
    server(&other).await;
    assert_eq!(ask(&url, &other).await, ["no connection"; 2]);
    let by_address = url.replace("localhost", "127.0.0.1");
    let authority = folder.path().join("authority.pem");
    let answers = ask(&by_address, &authority).await;
    assert_eq!(answers, ["no connection"; 2], "another name");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_authorities_nobody_is() {
    let folder = tempfile::tempdir().unwrap();
    let url = server(&folder.path().join("authority.pem")).await;
    let none = folder.path().join("none.pem");
    assert_eq!(ask(&url, &none).await, ["no connection"; 2]);
}

/// What two clients of a process that trusts these authorities are answered.
async fn ask(url: &str, authorities: &Path) -> Vec<String> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "https::a_client", "--ignored", "--nocapture"])
        .env(ASK, url)
        .env("SSL_CERT_FILE", authorities)
        .env("SSL_CERT_DIR", authorities.with_extension("none"))
        .stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = output.await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let answers = text.lines().filter_map(|line| line.split_once("answer: "));
    answers.map(|(_, answer)| answer.to_owned()).collect()
}

/// A server with a certificate for `localhost`, whose authority is written to a file; its URL.
async fn server(authority: &Path) -> String {
    let authority_key = KeyPair::generate().unwrap();
    let mut parameters = CertificateParams::new(Vec::new()).unwrap();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = parameters.self_signed(&authority_key).unwrap();
    std::fs::write(authority, certificate.pem()).unwrap();
    let issuer = Issuer::new(parameters, authority_key);
    let key = KeyPair::generate().unwrap();
    let parameters = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = parameters.signed_by(&key, &issuer).unwrap();

    http::install_crypto();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder().with_no_client_auth();
    let config = config
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!(
        "https://localhost:{}/",
        listener.local_addr().unwrap().port()
    );
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Whoever does not believe this server ends the handshake.
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut request = [0; 1024];
            let _ = stream.read(&mut request).await;
            let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
            let _ = stream.write_all(answer).await;
            let _ = stream.shutdown().await;
        }
    });
    url
}
