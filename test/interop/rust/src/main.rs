//! A gRPC server as it is usually written in Rust, for Frameline to be tried against.
//!
//! It listens on a free port of the loopback interface, prints its address as the first line of its
//! standard output, and ends when its standard input does.

mod json;
mod library;
mod trailers;

use std::{error::Error, fs, io, path::PathBuf, process, thread, time::Duration};

use clap::Parser;
use tonic::{
    codec::CompressionEncoding::Gzip,
    transport::{Certificate, Identity, Server, ServerTlsConfig, server::TcpIncoming},
};
use tower::util::MapResponseLayer;

use interop::library_server::LibraryServer;
use library::Library;

mod interop {
    tonic::include_proto!("interop.v1");

    pub const DESCRIPTORS: &[u8] = tonic::include_file_descriptor_set!("interop");
}

#[derive(Parser)]
struct Flags {
    /// PEM file with the certificate to serve TLS with
    #[arg(long, requires = "key")]
    cert: Option<PathBuf>,
    /// PEM file with the key of --cert
    #[arg(long)]
    key: Option<PathBuf>,
    /// PEM file with the authority that clients must have a certificate of
    #[arg(long)]
    client_ca: Option<PathBuf>,
    /// Milliseconds after which connections are closed
    #[arg(long)]
    max_connection_age: Option<u64>,
    /// Milliseconds that calls get after --max-connection-age; without it as long as they take
    #[arg(long)]
    max_connection_age_grace: Option<u64>,
    /// Bytes of the largest message that is taken
    #[arg(long, default_value_t = 4 * 1024 * 1024)]
    max_receive_size: usize,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let flags = Flags::parse();
    let mut server = Server::builder();
    if let Some(tls) = tls(&flags)? {
        server = server.tls_config(tls)?;
    }
    if let Some(age) = flags.max_connection_age {
        server = server.max_connection_age(Duration::from_millis(age));
    }
    if let Some(grace) = flags.max_connection_age_grace {
        server = server.max_connection_age_grace(Duration::from_millis(grace));
    }

    let (reporter, health) = tonic_health::server::health_reporter();
    reporter.set_not_serving::<LibraryServer<Library>>().await;
    let library = LibraryServer::new(Library)
        .accept_compressed(Gzip)
        .send_compressed(Gzip)
        .max_decoding_message_size(flags.max_receive_size);

    let incoming = TcpIncoming::bind("127.0.0.1:0".parse()?)?.with_nodelay(Some(true));
    println!("{}", incoming.local_addr()?);
    thread::spawn(|| {
        // Whoever started this server holds the other end, and loses it by dying, too.
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        process::exit(0);
    });
    server
        .layer(MapResponseLayer::new(trailers::send))
        .add_service(library)
        .add_service(health)
        .add_service(reflection().build_v1()?)
        .add_service(reflection().build_v1alpha()?)
        .serve_with_incoming(incoming)
        .await?;
    Ok(())
}

/// Each version of the reflection service lists both.
fn reflection() -> tonic_reflection::server::Builder<'static> {
    [
        interop::DESCRIPTORS,
        tonic_health::pb::FILE_DESCRIPTOR_SET,
        tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET,
        tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET,
    ]
    .into_iter()
    .fold(
        tonic_reflection::server::Builder::configure(),
        |builder, files| builder.register_encoded_file_descriptor_set(files),
    )
}

fn tls(flags: &Flags) -> io::Result<Option<ServerTlsConfig>> {
    let (Some(cert), Some(key)) = (&flags.cert, &flags.key) else {
        return Ok(None);
    };
    let identity = Identity::from_pem(fs::read(cert)?, fs::read(key)?);
    let mut config = ServerTlsConfig::new().identity(identity);
    if let Some(authority) = &flags.client_ca {
        config = config.client_ca_root(Certificate::from_pem(fs::read(authority)?));
    }
    Ok(Some(config))
}
