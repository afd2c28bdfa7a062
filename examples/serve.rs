//! Lets other machines compute on a device of this one, by burn's own server.
//!
//!     cargo run --release --features remote --example serve -- --device flex --listen 127.0.0.1:3000
//!
//! Elsewhere it is then `--device remote:ws://127.0.0.1:3000`. Whoever reaches the address can compute on
//! this machine, unless HEMLINE_TOKEN, set to the same secret here and there, keeps others out. Nothing that
//! is sent is encrypted: docs/devices.md says what that means, and how to tunnel.

#![allow(clippy::print_stdout, reason = "an example talks to a person")]

mod support;

use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};

use anyhow::Context;
use burn::server::{RemoteServer, TokenAuthorizer, WebSocketTransport};
use clap::Parser;
use support::device;
use support::device::remote::{TOKEN_VARIABLE, token};

/// Lets other machines compute on a device of this one.
#[derive(Debug, Parser)]
struct Args {
    /// A device to serve; several, all of one kind, have the numbers 0, 1, ... in this order
    #[arg(long, value_name = "NAME", default_value = "flex")]
    device: Vec<String>,

    /// Where to listen. Only this machine reaches a 127.0.0.1; port 0 is any free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
}

fn main() -> std::process::ExitCode {
    let args = Args::parse();
    support::end(run(&args))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let devices = args.device.iter().map(|name| device::open(name));
    let devices = devices.collect::<anyhow::Result<Vec<_>>>()?;
    // burn's own constructor from a port would listen on every address.
    let listener = TcpListener::bind(args.listen)
        .with_context(|| format!("cannot listen on {}", args.listen))?;
    let address = listener.local_addr()?;
    let mut server = RemoteServer::new(devices);
    let secret = token();
    let guarded = secret.is_some();
    if let Some(secret) = secret {
        server = server.with_authorizer(TokenAuthorizer::new(secret.as_str())?);
    }
    println!("Serving {} at ws://{address}", args.device.join(", "));
    if !address.ip().is_loopback() {
        println!(
            "Not only this machine reaches that address. {}, and nothing that is sent is encrypted.",
            if guarded {
                format!("A client must know {TOKEN_VARIABLE}")
            } else {
                format!("Without {TOKEN_VARIABLE} anyone who does can compute here")
            }
        );
    }
    // Who started this waits for the line, maybe through a pipe.
    std::io::stdout().flush()?;
    server
        .serve(WebSocketTransport::from_listener(listener))
        .with_context(|| format!("cannot serve at ws://{address}"))
}
