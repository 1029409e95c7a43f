// TLS by rustls, which is a part of the program.
use std::io;
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

#[derive(Clone)]
pub struct Acceptor(Arc<ServerConfig>);

impl Acceptor {
    pub fn new(files: &[String]) -> Self {
        let chain = CertificateDer::pem_file_iter(&files[0]).unwrap().collect::<Result<_, _>>().unwrap();
        let key = PrivateKeyDer::from_pem_file(&files[1]).unwrap();
        Acceptor(Arc::new(ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap()))
    }

    pub fn accept(&self, stream: TcpStream) -> io::Result<StreamOwned<ServerConnection, TcpStream>> {
        let connection = ServerConnection::new(self.0.clone()).map_err(|e| io::Error::new(io::ErrorKind::Other, e))?;
        Ok(StreamOwned::new(connection, stream))
    }
}
