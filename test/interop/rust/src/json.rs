//! ProtoJSON by prost-reflect: prost itself has none.

use std::sync::LazyLock;

use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};
use serde_json::{Deserializer, Error};

use crate::interop::{Book, DESCRIPTORS};

static BOOK: LazyLock<MessageDescriptor> = LazyLock::new(|| {
    DescriptorPool::decode(DESCRIPTORS)
        .expect("build.rs writes valid descriptors")
        .get_message_by_name("interop.v1.Book")
        .expect("they describe a book")
});

pub fn print(book: &Book) -> Result<String, Error> {
    let mut message = DynamicMessage::new(BOOK.clone());
    message
        .transcode_from(book)
        .expect("both are of the same type");
    serde_json::to_string(&message)
}

pub fn read(text: &str) -> Result<Book, Error> {
    let mut deserializer = Deserializer::from_str(text);
    let message = DynamicMessage::deserialize(BOOK.clone(), &mut deserializer)?;
    deserializer.end()?;
    Ok(message.transcode_to().expect("both are of the same type"))
}
