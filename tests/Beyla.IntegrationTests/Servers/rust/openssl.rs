// TLS by OpenSSL's shared library.
use std::io;
use std::net::TcpStream;
use std::sync::Arc;

use openssl::ssl::{SslAcceptor, SslFiletype, SslMethod, SslStream};

#[derive(Clone)]
pub struct Acceptor(Arc<SslAcceptor>);

impl Acceptor {
    pub fn new(files: &[String]) -> Self {
        let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls()).unwrap();
        builder.set_certificate_chain_file(&files[0]).unwrap();
        builder.set_private_key_file(&files[1], SslFiletype::PEM).unwrap();
        Acceptor(Arc::new(builder.build()))
    }

    pub fn accept(&self, stream: TcpStream) -> io::Result<SslStream<TcpStream>> {
        self.0.accept(stream).map_err(|e| io::Error::new(io::ErrorKind::Other, e))
    }
}
