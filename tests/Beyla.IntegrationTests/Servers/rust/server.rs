// The fleet's contract (../README.md) on std: a thread for each connection. Compiled by rustc alone it serves HTTP; by cargo,
// with one of the features openssl and rustls, HTTPS.
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

#[cfg(feature = "openssl")]
#[path = "openssl.rs"]
mod tls;

#[cfg(feature = "rustls")]
#[path = "rustls.rs"]
mod tls;

#[cfg(not(any(feature = "openssl", feature = "rustls")))]
mod tls {
    #[derive(Clone)]
    pub struct Acceptor;

    impl Acceptor {
        pub fn new(_: &[String]) -> Self {
            Acceptor
        }

        pub fn accept(&self, stream: std::net::TcpStream) -> std::io::Result<std::net::TcpStream> {
            Ok(stream)
        }
    }
}

const PIECE: usize = 64 * 1024;
const PATTERN: &[u8] = b"HTTP/1.1 599 Invented\r\nContent-Length: 0\r\n\r\n";
const CLOCK_MONOTONIC: i32 = 1;

#[repr(C)]
struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

extern "C" {
    fn clock_gettime(clock: i32, time: *mut Timespec) -> i32;
}

// std keeps the nanoseconds of Instant to itself.
fn now() -> i64 {
    let mut time = Timespec { seconds: 0, nanoseconds: 0 };
    unsafe { clock_gettime(CLOCK_MONOTONIC, &mut time) };
    time.seconds * 1_000_000_000 + time.nanoseconds
}

struct Request {
    method: String,
    path: String,
    query: HashMap<String, String>,
    http10: bool,
    headers: HashMap<String, String>,
}

#[derive(Default)]
struct Progress {
    received: usize,
    sent: usize,
    end: i64,
}

fn read_request(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let words: Vec<String> = line.split_whitespace().map(String::from).collect();
    if words.len() != 3 {
        return Ok(None);
    }

    let mut headers = HashMap::new();
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 {
            return Ok(None);
        }
        match header.trim_end().split_once(':') {
            Some((name, value)) => headers.insert(name.to_lowercase(), value.trim().to_lowercase()),
            None => break,
        };
    }

    let (path, query) = words[1].split_once('?').unwrap_or((&words[1], ""));
    let query = query.split('&').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k.into(), v.into())).collect();
    Ok(Some(Request { method: words[0].clone(), path: path.into(), query, http10: words[2] == "HTTP/1.0", headers }))
}

impl Request {
    fn status(&self) -> u16 {
        let parts: Vec<&str> = self.path.split('/').collect();
        if parts[1] == "status" { parts[2].parse().unwrap() } else { 200 }
    }

    fn number(&self, name: &str) -> usize {
        self.query.get(name).map_or(0, |value| value.parse().unwrap())
    }

    fn asks(&self, name: &str) -> bool {
        self.query.contains_key(name)
    }

    fn ends_connection(&self) -> bool {
        self.asks("close") || self.http10 || self.headers.get("connection").map_or(false, |value| value == "close")
    }

    fn has_content(&self) -> bool {
        self.method != "HEAD" && self.status() != 204 && self.status() != 304
    }
}

fn read_exactly(reader: &mut impl Read, mut size: usize, progress: &mut Progress) -> io::Result<()> {
    let mut buffer = vec![0; PIECE];
    while size > 0 {
        let read = reader.read(&mut buffer[..size.min(PIECE)])?;
        if read == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        progress.received += read;
        size -= read;
    }
    Ok(())
}

fn read_content(request: &Request, reader: &mut impl BufRead, progress: &mut Progress) -> io::Result<()> {
    if request.headers.get("transfer-encoding").map_or(true, |coding| coding != "chunked") {
        let size = request.headers.get("content-length").map_or(0, |length| length.parse().unwrap());
        return read_exactly(reader, size, progress);
    }
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let size = usize::from_str_radix(line.trim_end(), 16).map_err(|_| ErrorKind::InvalidData)?;
        read_exactly(reader, size, progress)?;
        reader.read_line(&mut line)?;
        if size == 0 {
            return Ok(());
        }
    }
}

fn write_answer(request: &Request, stream: &mut impl Write, content: &[u8], progress: &mut Progress) -> io::Result<()> {
    let size = request.number("size");
    let chunked = request.asks("chunked") && !request.http10;
    let mut head = format!("HTTP/1.1 {} Whatever\r\nContent-Type: application/octet-stream\r\n", request.status());
    if request.has_content() && chunked {
        head += "Transfer-Encoding: chunked\r\n";
    } else if request.status() != 204 && !request.asks("chunked") {
        head += &format!("Content-Length: {}\r\n", size);
    }
    if request.ends_connection() {
        head += "Connection: close\r\n";
    }
    head += "\r\n";
    progress.end = now();
    stream.write_all(head.as_bytes())?;
    if !request.has_content() {
        return Ok(());
    }
    while progress.sent < size {
        let piece = &content[progress.sent..size.min(progress.sent + PIECE)];
        progress.end = now();
        if chunked {
            stream.write_all(format!("{:x}\r\n", piece.len()).as_bytes())?;
            stream.write_all(piece)?;
            stream.write_all(b"\r\n")?;
        } else {
            stream.write_all(piece)?;
        }
        progress.sent += piece.len();
    }
    if chunked {
        progress.end = now();
        stream.write_all(b"0\r\n\r\n")?;
    }
    Ok(())
}

fn exchange<S: Read + Write>(request: &Request, reader: &mut BufReader<S>, content: &[u8], progress: &mut Progress) -> io::Result<()> {
    if request.headers.contains_key("expect") {
        reader.get_mut().write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    if !request.asks("early") {
        read_content(request, reader, progress)?;
    }
    if request.asks("delay_ms") {
        thread::sleep(Duration::from_millis(request.number("delay_ms") as u64));
    }
    write_answer(request, reader.get_mut(), content, progress)?;
    if request.asks("early") {
        read_content(request, reader, progress)?;
    }
    Ok(())
}

fn serve(stream: impl Read + Write, content: &[u8], mut truth: &File) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read_request(&mut reader)? {
        let start = now();
        let mut progress = Progress { end: start, ..Default::default() };
        let result = exchange(&request, &mut reader, content, &mut progress);
        let line = format!(
            "{{\"id\":\"{}\",\"method\":\"{}\",\"path\":\"{}\",\"status\":{},\"requestBytes\":{},\"responseBytes\":{},\
             \"handlerStartNs\":{},\"handlerEndNs\":{}}}\n",
            request.query.get("id").map_or("", String::as_str), request.method, request.path, request.status(),
            progress.received, progress.sent, start, progress.end
        );
        truth.write_all(line.as_bytes())?;
        result?;
        if request.ends_connection() {
            break;
        }
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let truth = Arc::new(OpenOptions::new().append(true).create(true).open(&args[2])?);
    let secure = tls::Acceptor::new(&args[3..]);
    let content: Arc<Vec<u8>> = Arc::new(PATTERN.iter().copied().cycle().take(1 << 20).collect());
    for stream in TcpListener::bind(format!("127.0.0.1:{}", args[1]))?.incoming() {
        let (stream, secure, truth, content) = (stream?, secure.clone(), truth.clone(), content.clone());
        // A client that goes away is part of the load.
        thread::spawn(move || serve(secure.accept(stream)?, &content, &truth));
    }
    Ok(())
}
