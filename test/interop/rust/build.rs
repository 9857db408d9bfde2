//! Makes Rust code of ../proto, and the descriptors for reflection and JSON. Needs no protoc.

use std::{env, error::Error, fs, path::Path};

use prost::Message;

const PROTOS: &str = "../proto";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={PROTOS}");
    let descriptors = protox::compile(["interop/v1/library.proto"], [PROTOS])?;
    let descriptors_file = Path::new(&env::var("OUT_DIR")?).join("interop.bin");
    fs::write(descriptors_file, descriptors.encode_to_vec())?;
    tonic_prost_build::configure()
        .build_client(false)
        // Burn answers UNIMPLEMENTED by them.
        .generate_default_stubs(true)
        .compile_fds(descriptors)?;
    Ok(())
}
