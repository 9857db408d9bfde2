use std::{collections::HashMap, future, time::Duration};

use prost::Message;
use prost_types::Any;
use tokio_stream::StreamExt;
use tonic::{
    Code, Request, Response, Status, Streaming, async_trait,
    codegen::BoxStream,
    metadata::{KeyAndValueRef, MetadataMap},
};
use tonic_types::{BadRequest, ErrorDetail, ErrorInfo, FieldViolation, RetryInfo, StatusExt, pb};

use crate::{
    interop::{
        AddBooksResponse, Book, FailRequest, InspectRequest, InspectResponse, JsonText,
        ListBooksRequest, MetadataValue, Remark, library_server,
    },
    json,
    trailers::Trailers,
};

pub struct Library;

#[async_trait]
impl library_server::Library for Library {
    async fn echo_book(&self, request: Request<Book>) -> Result<Response<Book>, Status> {
        Ok(plain(request.into_inner()))
    }

    async fn print_book(&self, request: Request<Book>) -> Result<Response<JsonText>, Status> {
        let text = json::print(request.get_ref()).map_err(invalid)?;
        Ok(plain(JsonText { text }))
    }

    async fn read_book(&self, request: Request<JsonText>) -> Result<Response<Book>, Status> {
        json::read(&request.get_ref().text)
            .map(plain)
            .map_err(invalid)
    }

    async fn list_books(
        &self,
        request: Request<ListBooksRequest>,
    ) -> Result<Response<BoxStream<Book>>, Status> {
        // Whether its messages are compressed only the client decides: tonic has no such choice for a stream.
        let request = request.into_inner();
        let size = usize::try_from(request.cover_size).map_err(invalid)?;
        let mut cover = b"cover ".repeat(size / 6 + 1);
        cover.truncate(size);
        let books = tokio_stream::iter((0..request.count).map(move |number| {
            if request.fail_after > 0 && number == request.fail_after {
                return Err(Status::aborted(format!("stopped after {number} books")));
            }
            Ok(Book {
                name: format!("books/{number}"),
                pages: number.into(),
                cover: cover.clone(),
                ..Book::default()
            })
        }));
        Ok(Response::new(if request.stay {
            Box::pin(books.chain(tokio_stream::pending()))
        } else {
            Box::pin(books)
        }))
    }

    async fn add_books(
        &self,
        request: Request<Streaming<Book>>,
    ) -> Result<Response<AddBooksResponse>, Status> {
        let mut books = request.into_inner();
        let mut response = AddBooksResponse::default();
        while let Some(book) = books.message().await? {
            response.count += 1;
            response.pages = response.pages.wrapping_add_signed(book.pages);
        }
        Ok(plain(response))
    }

    async fn discuss(
        &self,
        request: Request<Streaming<Remark>>,
    ) -> Result<Response<BoxStream<Remark>>, Status> {
        Ok(Response::new(Box::pin(request.into_inner())))
    }

    async fn fail(&self, request: Request<FailRequest>) -> Result<Response<()>, Status> {
        let FailRequest {
            code,
            message,
            details,
        } = request.into_inner();
        Err(if details {
            detailed(code.into(), message)?
        } else {
            Status::new(code.into(), message)
        })
    }

    async fn wait(&self, _request: Request<()>) -> Result<Response<()>, Status> {
        // When the call ends, this future is dropped.
        future::pending().await
    }

    async fn inspect(
        &self,
        request: Request<InspectRequest>,
    ) -> Result<Response<InspectResponse>, Status> {
        let received = request.metadata();
        let mut echoed = MetadataMap::new();
        let mut metadata = Vec::new();
        for entry in received.iter() {
            let (key, value) = match entry {
                KeyAndValueRef::Ascii(key, value) => {
                    if key.as_str().starts_with("x-") {
                        echoed.append(key, value.clone());
                    }
                    (key.as_str(), value.as_bytes().to_vec())
                }
                KeyAndValueRef::Binary(key, value) => {
                    if key.as_str().starts_with("x-") {
                        echoed.append_bin(key, value.clone());
                    }
                    (key.as_str(), value.to_bytes().map_err(invalid)?.to_vec())
                }
            };
            metadata.push(MetadataValue {
                key: key.to_owned(),
                value,
            });
        }
        let mut response = plain(InspectResponse {
            metadata,
            remaining: remaining(received).unwrap_or_default(),
        });
        *response.metadata_mut() = echoed.clone();
        let size = usize::try_from(request.get_ref().header_size).map_err(invalid)?;
        if size > 0 {
            let large = "a~".repeat(size / 2).parse().map_err(invalid)?;
            response.metadata_mut().insert("x-large", large);
        }
        response.extensions_mut().insert(Trailers(echoed));
        Ok(response)
    }
}

/// An answer that isn't compressed: with gzip switched on, tonic compresses whatever the client can read.
fn plain<T>(message: T) -> Response<T> {
    let mut response = Response::new(message);
    response.disable_compression();
    response
}

fn invalid(error: impl ToString) -> Status {
    Status::invalid_argument(error.to_string())
}

/// Milliseconds to the deadline. tonic ends a handler in time but doesn't tell it when.
fn remaining(metadata: &MetadataMap) -> Option<i64> {
    let timeout = metadata.get("grpc-timeout")?.to_str().ok()?;
    let (amount, unit) = timeout.split_at_checked(timeout.len().checked_sub(1)?)?;
    let amount: i64 = amount.parse().ok()?;
    match unit {
        "H" => Some(amount * 3_600_000),
        "M" => Some(amount * 60_000),
        "S" => Some(amount * 1000),
        "m" => Some(amount),
        "u" => Some(amount / 1000),
        "n" => Some(amount / 1_000_000),
        _ => None,
    }
}

/// A status with details, of which tonic-types packs only those that google.rpc has.
fn detailed(code: Code, message: String) -> Result<Status, Status> {
    let shelf = HashMap::from([("shelf".to_owned(), "9007199254740993".to_owned())]);
    let violation = FieldViolation::new("book.pages", "must not be negative");
    let known = Status::with_error_details_vec(
        code,
        &message,
        [
            ErrorDetail::from(ErrorInfo::new("SHELF_FULL", "library.example", shelf)),
            BadRequest::new([violation]).into(),
            RetryInfo::new(Some(Duration::from_millis(1500))).into(),
        ],
    );
    let mut status = pb::Status::decode(known.details()).map_err(invalid)?;
    let book = Book {
        name: "books/1".into(),
        pages: 9_007_199_254_740_993,
        ..Book::default()
    };
    status.details.push(Any {
        type_url: "type.googleapis.com/interop.v1.Book".into(),
        value: book.encode_to_vec(),
    });
    Ok(Status::with_details(
        code,
        message,
        status.encode_to_vec().into(),
    ))
}
