//! Certificates made for the tests, and a server that shows them.

use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// When a good certificate ends, as the tests set it: 2100-01-01 UTC.
pub(super) const GOOD_UNTIL: f64 = 4_102_444_800.0;

/// When a bad one ended: 2020-01-01 UTC.
pub(super) const ENDED: f64 = 1_577_836_800.0;

/// What is wrong with a server's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    None,
    Expired,
    OtherHost,
    SelfSigned,
}

/// An authority and a certificate of it for `localhost`, with a flaw.
pub(super) struct Shown {
    /// The authority in PEM.
    pub authority: String,
    acceptor: TlsAcceptor,
}

impl Shown {
    pub(super) fn new(flaw: Flaw) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let name = rcgen::DnType::CommonName;
        params
            .distinguished_name
            .push(name, "authority of the tests");
        let key = KeyPair::generate().unwrap();
        let authority = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);

        let host = if flaw == Flaw::OtherHost {
            "elsewhere.test"
        } else {
            "localhost"
        };
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = match flaw {
            Flaw::Expired => date_time_ymd(2020, 1, 1),
            _ => date_time_ymd(2100, 1, 1),
        };
        let key = KeyPair::generate().unwrap();
        let own = if flaw == Flaw::SelfSigned {
            params.self_signed(&key).unwrap()
        } else {
            params.signed_by(&key, &issuer).unwrap()
        };
        let own = CertificateDer::from(own);
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![own], key)
            .unwrap();
        Self {
            authority,
            acceptor: TlsAcceptor::from(Arc::new(config)),
        }
    }

    /// Answers every line whose caller took the certificate.
    pub(super) async fn serve<F, A>(&self, answer: F) -> SocketAddr
    where
        F: Fn(Box<dyn Talk>) -> A + Send + 'static,
        A: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let acceptor = self.acceptor.clone();
        tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                if let Ok(line) = acceptor.accept(line).await {
                    tokio::spawn(answer(Box::new(line)));
                }
            }
        });
        address
    }
}

/// A line to talk over.
pub(super) trait Talk: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Talk for T {}
