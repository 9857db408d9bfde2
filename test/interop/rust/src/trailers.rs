//! Metadata after the message of a call that ends well: tonic sends some only with an error.

use std::future;

use http::Response;
use http_body_util::BodyExt;
use tonic::{body::Body, metadata::MetadataMap};

/// What a handler leaves in the extensions of its response to be sent at its end.
#[derive(Clone)]
pub struct Trailers(pub MetadataMap);

pub fn send(mut response: Response<Body>) -> Response<Body> {
    match response.extensions_mut().remove() {
        Some(Trailers(metadata)) => response.map(|body| {
            Body::new(body.with_trailers(future::ready(Some(Ok(metadata.into_headers())))))
        }),
        None => response,
    }
}
